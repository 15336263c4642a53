/** What a client gets when an upstream fails: retries, fallback, breakers, time-outs. */
@NullMarked
package dev.banyan.traffic.failures;

import org.jspecify.annotations.NullMarked;
