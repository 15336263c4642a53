package dev.banyan.dataplane.exchange;

import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.OutgoingHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/** The way back to the client of one exchange, whatever its protocol. Used on the exchange's event loop only. */
public interface ClientStream {

    /** An interim answer (1xx); left out for clients that do not know them. */
    void interim(OutgoingHead head);

    /** Head of the one final answer. */
    void head(OutgoingHead head);

    /**
     * The 101 that ends HTTP on this connection; behind it bytes go both ways between it and {@code upstream}, first what the client
     * has sent already. Only for a client that asked for it.
     *
     * @param whenEnded told when both connections are closed
     */
    default void tunnel(OutgoingHead head, Channel upstream, TunnelEnd.Listener whenEnded) {
        throw new IllegalStateException("no request of this protocol can ask for an upgrade");
    }

    /** Takes ownership of {@code data}. */
    void body(ByteBuf data);

    /** The answer is whole. */
    void end(@Nullable Head trailers);

    /** The exchange has ended and was observed: its head is not read any more. The next request may follow. */
    void ended();

    void flush();

    /** Whether more can be written without piling up. When it is again, {@link Exchange#clientWritable()} is called. */
    boolean writable();

    /** Whether more of the request's body is wanted now. */
    void readBody(boolean wanted);

    /** The request's body is messages that come when there is something to say: their pace is not judged while an answer is under way. */
    void bodyMayRest();

    /** The next answer is the last on this connection, where what else the client sends could be misread. */
    void closeAfterAnswer();

    /** Whether trailers reach every client, so that they can say of an answer that it failed. */
    boolean trailersAreRead();

    /** Breaks off, so that no client can take a part for the whole. */
    void cut();
}
