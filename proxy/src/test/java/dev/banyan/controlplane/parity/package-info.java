/** From pairs to what is told. */
@NullMarked
package dev.banyan.controlplane.parity;

import org.jspecify.annotations.NullMarked;
