package dev.banyan.dataplane.exchange;

import dev.banyan.contract.ExchangeRecord;
import dev.banyan.dataplane.message.Head;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Who wants to see an exchange as it goes by, to copy or compare it. A witness changes and delays nothing: it is told on the event loop
 * and must return at once; what it is shown is a view that is good for the call, so what it wants to keep it must copy; and it is shown
 * no more of each body than it asked for. One that throws is not told anything any more.
 *
 * <p>It is told in this order: {@link #request}, then as it comes {@link #requestData} and {@link #requestEnd}; {@link #answerHead},
 * {@link #answerData} and {@link #answerEnd}, which may begin before the request has ended; and {@link #ended}, always and last.
 */
public interface Witness {
    /** How many bytes of each body it wants to see, from the first on. What is sent stays whole. */
    int maxBodyBytes();

    /** The request has been decided, and goes to its side. */
    default void request(Exchange exchange) {}

    /** A piece of the request's body, as the client sent it: shown once, however often it is sent on. */
    default void requestData(ByteBuf view) {}

    /** The client has sent all of it. */
    default void requestEnd(@Nullable Head trailers) {}

    /** The head of the answer that the client gets, as the upstream sent it. Not told where Banyan answers by itself. */
    default void answerHead(Head head) {}

    /** A piece of that answer's body. */
    default void answerData(ByteBuf view) {}

    /** The answer is whole. */
    default void answerEnd(@Nullable Head trailers) {}

    /** All is over. An answer whose end was not told was cut, or the client has gone. */
    void ended(ExchangeRecord record);
}
