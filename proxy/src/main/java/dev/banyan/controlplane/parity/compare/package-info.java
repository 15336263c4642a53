/** Whether two answers say the same: pure, bounded whatever comes, and in words that a squad can act on. */
@NullMarked
package dev.banyan.controlplane.parity.compare;

import org.jspecify.annotations.NullMarked;
