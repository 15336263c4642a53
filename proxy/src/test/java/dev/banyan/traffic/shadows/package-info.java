/** Copies to the side that did not answer. */
@NullMarked
package dev.banyan.traffic.shadows;

import org.jspecify.annotations.NullMarked;
