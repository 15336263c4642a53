package dev.banyan.dataplane.exchange;

import org.jspecify.annotations.Nullable;

/** Chooses who sees the exchanges of one route. */
public interface Witnesses {
    /**
     * Called on the event loop, before the request is sent.
     *
     * @return null: nobody wants to see this one
     */
    @Nullable
    Witness of(Exchange exchange);
}
