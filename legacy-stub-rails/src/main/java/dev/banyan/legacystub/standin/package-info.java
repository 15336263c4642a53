/** A stand-in for events, until there are some: for the demo only. */
@NullMarked
package dev.banyan.legacystub.standin;

import org.jspecify.annotations.NullMarked;
