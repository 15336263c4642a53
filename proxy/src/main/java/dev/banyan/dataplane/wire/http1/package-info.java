/** HTTP/1 (RFC 9112): bytes to heads, bodies and trailers, and back. Strict: what two servers could read in two ways is refused. */
@NullMarked
package dev.banyan.dataplane.wire.http1;

import org.jspecify.annotations.NullMarked;
