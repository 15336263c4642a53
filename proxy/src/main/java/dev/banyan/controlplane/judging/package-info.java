/** How much counted samples say: pure functions, counters in, evidence out. No clock, no store, no table. */
@NullMarked
package dev.banyan.controlplane.judging;

import org.jspecify.annotations.NullMarked;
