/** Tests of the routing table's values, and what tests of routing share. */
@NullMarked
package dev.banyan.routing;

import org.jspecify.annotations.NullMarked;
