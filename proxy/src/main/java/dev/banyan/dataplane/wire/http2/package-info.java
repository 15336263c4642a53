/** HTTP/2 (RFC 9113): frames, streams and flow control of our own, header compression by Netty. */
@NullMarked
package dev.banyan.dataplane.wire.http2;

import org.jspecify.annotations.NullMarked;
