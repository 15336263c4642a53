/** Messages as bytes with offsets, whatever the protocol they came by. */
@NullMarked
package dev.banyan.dataplane.message;

import org.jspecify.annotations.NullMarked;
