/** Requests that Banyan makes for itself: by a client library, on loops of their own, never on a client's. */
@NullMarked
package dev.banyan.sidetraffic;

import org.jspecify.annotations.NullMarked;
