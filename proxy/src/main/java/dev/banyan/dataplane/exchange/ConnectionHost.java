package dev.banyan.dataplane.exchange;

import dev.banyan.dataplane.message.HeadLimits;
import dev.banyan.dataplane.message.Http2Limits;
import dev.banyan.dataplane.message.MessageError;
import io.netty.channel.Channel;

/** What a client's connection is shared with: who takes its requests, and whether it is to end. */
public interface ConnectionHost {
    void accept(Exchange exchange);

    /** A request that cannot be read: it is only answered. */
    void refuse(Exchange exchange, MessageError error);

    /**
     * A client did what costs it nothing and us much, more often than is borne.
     *
     * @param kind a stable word for metrics
     */
    void misused(String kind);

    /** How large the heads of requests may be. */
    HeadLimits headLimits();

    /** What a connection of HTTP/2 may have under way. */
    Http2Limits http2Limits();

    /** Whether connections are to be closed after the answers under way. */
    boolean draining();

    /** It is {@code connection} that speaks on this channel from here on. Until its channel is closed, which nobody need tell. */
    void served(Channel channel, ClientConnection connection);
}
