package dev.banyan.dataplane.wire.http2;

import dev.banyan.dataplane.loop.Loop;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.HeadBytes;
import io.netty.channel.Channel;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Sends what the streams of one connection have to send, one frame of each in turn, within the windows that the peer grants. */
final class Outflow {
    /** Over all streams: a client may leave a hundred windows shut. */
    private static final int MAX_QUEUED_BYTES = 1024 * 1024;

    private final Channel channel;
    private final Loop loop;
    private final FrameWriter writer;
    private final FieldBlockWriter fields;
    private final Deque<OutQueue> ready = new ArrayDeque<>();
    private int window = FrameType.DEFAULT_WINDOW_BYTES;
    private int initialWindow = FrameType.DEFAULT_WINDOW_BYTES;
    private int queuedBytes;
    private int waitingSources;
    private int dataFrames;

    Outflow(Channel channel, Loop loop, FrameWriter writer, FieldBlockWriter fields) {
        this.channel = channel;
        this.loop = loop;
        this.writer = writer;
        this.fields = fields;
    }

    int initialWindow() {
        return initialWindow;
    }

    /** What new streams begin with. */
    void initialWindow(int bytes) {
        initialWindow = bytes;
    }

    /** The peer takes more; false if that is more than can be. */
    boolean widen(int more) {
        if ((long) window + more > Integer.MAX_VALUE) {
            return false;
        }
        window += more;
        return true;
    }

    boolean isFull() {
        return queuedBytes > MAX_QUEUED_BYTES;
    }

    /** Whether somebody waits until there is room. */
    boolean sourcesWait() {
        return waitingSources > 0;
    }

    /** DATA frames that were sent since this was last asked. */
    int takeDataFrames() {
        int sent = dataFrames;
        dataFrames = 0;
        return sent;
    }

    void send() {
        int withoutProgress = 0;
        while (withoutProgress < ready.size() && channel.isWritable()) {
            OutQueue next = ready.remove();
            if (!next.canSend(Integer.MAX_VALUE)) {
                next.ready(false);
            } else if (!next.canSend(window)) {
                // Only the connection's window holds it up.
                ready.add(next);
                withoutProgress++;
            } else {
                next.ready(false);
                int sent = next.send(writer, Math.min(window, writer.peerFrameBytes()));
                window -= sent;
                dataFrames++;
                withoutProgress = 0;
                offer(next);
            }
        }
    }

    // For the queues.

    long nowNanos() {
        return loop.coarseNanos();
    }

    /** Trailers as they will be sent; null if none of them may go on. */
    byte @Nullable [] block(Head trailers) {
        HeadBytes block = fields.trailers(trailers);
        return block.length() == 0 ? null : block.copy();
    }

    /** How many more sources, or fewer, wait until there is room. */
    void waiting(int more) {
        waitingSources += more;
    }

    void queued(int more) {
        queuedBytes += more;
    }

    void offer(OutQueue queue) {
        if (!queue.isReady() && queue.canSend(Integer.MAX_VALUE)) {
            queue.ready(true);
            ready.add(queue);
        }
    }
}
