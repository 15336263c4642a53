/** Latency, errors and resets that can be ordered, path by path. */
@NullMarked
package dev.banyan.legacystub.faults;

import org.jspecify.annotations.NullMarked;
