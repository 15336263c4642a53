/** Meters whose names come and go with the table. */
@NullMarked
package dev.banyan.meters;

import org.jspecify.annotations.NullMarked;
