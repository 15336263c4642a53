/** The numbers of the specification. */
@NullMarked
package dev.banyan.controlplane.judging;

import org.jspecify.annotations.NullMarked;
