/** Tunnels. */
@NullMarked
package dev.banyan.traffic.websockets;

import org.jspecify.annotations.NullMarked;
