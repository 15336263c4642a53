/** What stands between a client and an upstream. Read {@link dev.banyan.dataplane.RequestPath} first. */
@NullMarked
package dev.banyan.dataplane;

import org.jspecify.annotations.NullMarked;
