/** From a request to a route, in time of the path's length. */
@NullMarked
package dev.banyan.routing.match;

import org.jspecify.annotations.NullMarked;
