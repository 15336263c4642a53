/** What is a difference and what is none. */
@NullMarked
package dev.banyan.controlplane.parity.compare;

import org.jspecify.annotations.NullMarked;
