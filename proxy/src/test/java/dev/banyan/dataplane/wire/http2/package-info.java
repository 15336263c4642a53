/** Tests of HTTP/2's frames and field blocks. */
@NullMarked
package dev.banyan.dataplane.wire.http2;

import org.jspecify.annotations.NullMarked;
