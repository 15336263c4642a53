package dev.banyan.dataplane.exchange;

import dev.banyan.dataplane.message.OutgoingHead;

/** One attempt's way to an upstream, whatever its protocol. Used on the exchange's event loop only. */
public interface UpstreamStream extends RequestSink {

    /**
     * Sends the head; the body follows by {@link RequestSink}, the answer comes to {@code sink}.
     *
     * @param responseTimeoutNanos until the answer's head
     * @param idleTimeoutNanos between two bytes of it
     */
    void begin(OutgoingHead head, AnswerSink sink, long responseTimeoutNanos, long idleTimeoutNanos);

    /** Whether it had carried an exchange before, so that its peer may just be closing it. */
    boolean reused();

    /** Whether its connection is open. If not, the sink is told within a moment what that means for the answer, unless it has been. */
    boolean open();

    /** Whether more of the answer is wanted now. */
    void readAnswer(boolean wanted);

    /** Nobody waits for the answer any more; nothing comes to the sink after this. */
    void cancel();
}
