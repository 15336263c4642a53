/** What one event loop has for itself: a coarse clock, deadlines, request ids. */
@NullMarked
package dev.banyan.dataplane.loop;

import org.jspecify.annotations.NullMarked;
