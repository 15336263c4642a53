package dev.banyan.dataplane.forward;

import dev.banyan.dataplane.exchange.AnswerSink;
import dev.banyan.dataplane.exchange.UpstreamFailure;
import dev.banyan.dataplane.exchange.UpstreamStream;
import dev.banyan.dataplane.upstream.EndpointHandle;
import dev.banyan.dataplane.upstream.Lease;
import dev.banyan.dataplane.upstream.Taker;
import dev.banyan.dataplane.wire.Head;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to one endpoint, from the wait for a connection on. Its answer goes to the forwarder while that wants it; one
 * that legacy's has taken the place of is read to its end and dropped, if it is short, so that the connection can be used again.
 */
final class Attempt implements Taker, AnswerSink {
    private static final int MAX_DROPPED_BYTES = 64 * 1024;

    private final Forwarder forwarder;
    private @Nullable UpstreamStream stream;
    private @Nullable Lease lease;
    private boolean dropped;
    private boolean cancelled;
    private int droppedBytes;

    Attempt(Forwarder forwarder) {
        this.forwarder = forwarder;
    }

    /** Null until it is connected. */
    @Nullable
    EndpointHandle endpoint() {
        return lease == null ? null : lease.endpoint();
    }

    @Override
    public void connected(UpstreamStream connected, Lease place) {
        stream = connected;
        lease = place;
        if (cancelled) {
            cancel();
        } else {
            forwarder.connected(this, connected, place.endpoint());
        }
    }

    @Override
    public void failed(UpstreamFailure failure, @Nullable EndpointHandle at) {
        if (!cancelled) {
            forwarder.connectFailed(failure, at);
        }
    }

    void readAnswer(boolean wanted) {
        if (stream != null) {
            stream.readAnswer(wanted);
        }
    }

    /** Its answer is not wanted any more, but it has begun. */
    void drop() {
        dropped = true;
        endLease();
        readAnswer(true);
    }

    /** Nothing of it is wanted. */
    void cancel() {
        cancelled = true;
        endLease();
        if (stream != null) {
            stream.cancel();
        }
    }

    private void endLease() {
        if (lease != null) {
            lease.end();
        }
    }

    @Override
    public void interim(Head head) {
        if (!dropped) {
            forwarder.interim(head);
        }
    }

    @Override
    public void upgraded(Head head, Channel connection) {
        forwarder.upgraded(head, connection);
    }

    /** Its tunnel has ended. */
    void tunnelEnded() {
        endLease();
    }

    @Override
    public void answerHead(Head head) {
        if (!dropped) {
            forwarder.answerHead(head);
        }
    }

    @Override
    public void answerData(ByteBuf data) {
        if (!dropped) {
            forwarder.answerData(data);
            return;
        }
        droppedBytes += data.readableBytes();
        data.release();
        if (droppedBytes > MAX_DROPPED_BYTES) {
            cancel();
        }
    }

    @Override
    public void answerEnd(@Nullable Head trailers) {
        endLease();
        if (!dropped) {
            forwarder.answerEnd(trailers);
        }
    }

    @Override
    public void answerPaused() {
        if (!dropped) {
            forwarder.answerPaused();
        }
    }

    @Override
    public void requestWritableAgain() {
        if (!dropped) {
            forwarder.requestWritableAgain();
        }
    }

    @Override
    public void failed(UpstreamFailure failure) {
        endLease();
        if (!dropped) {
            forwarder.attemptFailed(failure, endpoint(), stream != null && stream.reused());
        }
    }
}
