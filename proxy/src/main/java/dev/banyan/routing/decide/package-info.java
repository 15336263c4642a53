/** From a route and a request to a side, and why, in the order of product.md, "Who answers". */
@NullMarked
package dev.banyan.routing.decide;

import org.jspecify.annotations.NullMarked;
