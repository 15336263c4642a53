package dev.banyan.dataplane.exchange;

import dev.banyan.dataplane.message.Head;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/** Where an upstream's answer goes. After {@link #answerEnd} or {@link #failed} nothing more comes. */
public interface AnswerSink {

    /** A 1xx other than 101. Valid during the call. */
    void interim(Head head);

    /**
     * A 101 that grants the WebSocket that was asked for. From here on the connection is of who is told: what comes passes to the
     * handlers behind, and nothing more comes here.
     */
    void upgraded(Head head, Channel connection);

    /** Valid until the answer ends. */
    void answerHead(Head head);

    /** Takes ownership of {@code data}. */
    void answerData(ByteBuf data);

    void answerEnd(@Nullable Head trailers);

    /** All that has come for now was given: a good moment to flush. */
    void answerPaused();

    /** The upstream takes more of the request's body again. */
    void requestWritableAgain();

    void failed(UpstreamFailure failure);
}
