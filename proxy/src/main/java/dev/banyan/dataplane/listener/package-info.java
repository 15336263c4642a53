/** Sockets towards clients. */
@NullMarked
package dev.banyan.dataplane.listener;

import org.jspecify.annotations.NullMarked;
