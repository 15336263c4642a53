/** Tests of matching. */
@NullMarked
package dev.banyan.routing.match;

import org.jspecify.annotations.NullMarked;
