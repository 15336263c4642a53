/**
 * Copies of requests to the side that did not answer: bounded in size, time and number, over connections of their own, and always last
 * in line behind clients.
 */
@NullMarked
package dev.banyan.dataplane.mirror;

import org.jspecify.annotations.NullMarked;
