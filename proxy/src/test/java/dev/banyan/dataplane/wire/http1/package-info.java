/** The HTTP/1 codec by itself: every input also in pieces, and against another reader. */
@NullMarked
package dev.banyan.dataplane.wire.http1;

import org.jspecify.annotations.NullMarked;
