package dev.banyan.dataplane.exchange;

import dev.banyan.dataplane.wire.Head;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Where an upstream's answer goes. After {@link #answerEnd} or {@link #failed} nothing more comes. */
public interface AnswerSink {

    /** A 1xx other than 101. Valid during the call. */
    void interim(Head head);

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
