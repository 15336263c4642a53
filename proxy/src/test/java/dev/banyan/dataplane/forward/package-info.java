/** Tests of forwarding, and what other tests need of it. */
@NullMarked
package dev.banyan.dataplane.forward;

import org.jspecify.annotations.NullMarked;
