/** Bytes both ways between a client and an upstream that have left HTTP. */
@NullMarked
package dev.banyan.dataplane.wire.tunnel;

import org.jspecify.annotations.NullMarked;
