/** What came of asking both sides: how many of their answers say the same, and in which fields the others differ. */
@NullMarked
package dev.banyan.controlplane.parity;

import org.jspecify.annotations.NullMarked;
