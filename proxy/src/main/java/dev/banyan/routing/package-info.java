/**
 * The routing table as values: what the files say, the flags over it, and what is in force. Pure: no Netty, no Vert.x, no clock, no
 * I/O. Above it stand {@code match} (request to route) and {@code decide} (route and request to side); beside it {@code file} (YAML).
 */
@NullMarked
package dev.banyan.routing;

import org.jspecify.annotations.NullMarked;
