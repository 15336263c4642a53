/** Connections to upstreams: pools per event loop, limits over all loops. */
@NullMarked
package dev.banyan.dataplane.upstream;

import org.jspecify.annotations.NullMarked;
