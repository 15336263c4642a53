/** Where an upstream is: names, addresses, several of them, health. */
@NullMarked
package dev.banyan.traffic.endpoints;

import org.jspecify.annotations.NullMarked;
