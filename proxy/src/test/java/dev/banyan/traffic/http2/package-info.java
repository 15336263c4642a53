/** HTTP/2 on both sides, by the rules and against them. */
@NullMarked
package dev.banyan.traffic.http2;

import org.jspecify.annotations.NullMarked;
