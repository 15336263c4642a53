/** Messages on a connection, by protocol: bytes to heads, bodies and trailers, and back. Nothing outside knows which protocol it was. */
@NullMarked
package dev.banyan.dataplane.wire;

import org.jspecify.annotations.NullMarked;
