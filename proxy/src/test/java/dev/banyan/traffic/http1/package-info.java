/** HTTP/1 on the wire: what is taken, and what is refused. */
@NullMarked
package dev.banyan.traffic.http1;

import org.jspecify.annotations.NullMarked;
