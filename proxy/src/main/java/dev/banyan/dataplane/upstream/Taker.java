package dev.banyan.dataplane.upstream;

import dev.banyan.dataplane.exchange.UpstreamFailure;
import dev.banyan.dataplane.exchange.UpstreamStream;
import org.jspecify.annotations.Nullable;

/** Who wants a connection. One of the two is called, on the loop: at once or later. */
public interface Taker {
    /** The lease must be ended exactly once, at the end of the attempt. */
    void connected(UpstreamStream stream, Lease lease);

    /**
     * No connection came about.
     *
     * @param at null: there was no endpoint to connect to
     */
    void failed(UpstreamFailure failure, @Nullable EndpointHandle at);
}
