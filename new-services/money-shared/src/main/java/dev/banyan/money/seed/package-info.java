/** The data that the money app begins with, the same for the monolith's stub and for the services extracted from it. */
@NullMarked
package dev.banyan.money.seed;

import org.jspecify.annotations.NullMarked;
