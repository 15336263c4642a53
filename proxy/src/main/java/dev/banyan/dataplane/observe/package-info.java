/** Meters and the access log: once per exchange, whatever its end. */
@NullMarked
package dev.banyan.dataplane.observe;

import org.jspecify.annotations.NullMarked;
