/** One request and its answer: its state, its client, and the answers that Banyan gives by itself. */
@NullMarked
package dev.banyan.dataplane.exchange;

import org.jspecify.annotations.NullMarked;
