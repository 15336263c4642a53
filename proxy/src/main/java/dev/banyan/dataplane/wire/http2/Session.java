package dev.banyan.dataplane.wire.http2;

import dev.banyan.dataplane.loop.Loop;
import dev.banyan.dataplane.message.HeadLimits;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.function.Consumer;

/** What a connection has once, at either end: its streams, its writer, its compression, its windows, and when it is flushed. */
final class Session<S extends Stream> {
    private final Channel channel;
    private final Loop loop;
    private final FrameWriter writer;
    private final FieldBlockReader fieldReader;
    private final FieldBlockWriter fieldWriter = new FieldBlockWriter();
    private final Outflow outflow;
    private final InWindow window;
    private final Streams<S> streams = new Streams<>();
    private final PeerSettings peerSettings;
    private final Runnable whenSent;
    private final Runnable flushNow = this::flushNow;
    private boolean oursAreAcknowledged;
    private boolean sending;
    private boolean sendAgain;
    private boolean reading;
    private boolean flushScheduled;
    private boolean closed;

    /**
     * @param heads how large those of the peer may be
     * @param windowBytes of all streams together, on their way to takers that have not taken them
     * @param whenUndecodable told what is wrong with a block of header fields that leaves the compression broken
     * @param whenSent told whenever all was sent that could be
     */
    Session(
            Channel channel,
            Loop loop,
            HeadLimits heads,
            int windowBytes,
            Consumer<String> whenUndecodable,
            Runnable whenSent) {
        this.channel = channel;
        this.loop = loop;
        this.whenSent = whenSent;
        writer = new FrameWriter(channel);
        fieldReader = new FieldBlockReader(heads, whenUndecodable);
        outflow = new Outflow(channel, loop, writer, fieldWriter);
        window = new InWindow(windowBytes);
        peerSettings = new PeerSettings(writer, outflow, streams);
    }

    Streams<S> streams() {
        return streams;
    }

    FrameWriter writer() {
        return writer;
    }

    FieldBlockReader fieldReader() {
        return fieldReader;
    }

    FieldBlockWriter fieldWriter() {
        return fieldWriter;
    }

    Outflow outflow() {
        return outflow;
    }

    PeerSettings peerSettings() {
        return peerSettings;
    }

    long nowNanos() {
        return loop.coarseNanos();
    }

    ByteBuf allocate(int bytes) {
        return channel.alloc().buffer(bytes);
    }

    // What the peer may send.

    /** Says what we allow, and opens the connection's window as wide as it is meant to be. */
    void begin(int... settings) {
        writer.settings(settings);
        int more = window.size() - FrameType.DEFAULT_WINDOW_BYTES;
        if (more > 0) {
            writer.windowUpdate(0, more);
        }
        writer.flush();
    }

    void oursAreAcknowledged() {
        oursAreAcknowledged = true;
    }

    /** Whether the peer knows our settings. */
    boolean peerKnowsOurs() {
        return oursAreAcknowledged;
    }

    /** How much the peer may send on all streams together. */
    InWindow window() {
        return window;
    }

    /** So many bytes of DATA are done with: the peer may send as many again. */
    void takenOn(int bytes) {
        int back = bytes == 0 ? 0 : window.takenOn(bytes);
        if (back > 0) {
            writer.windowUpdate(0, back);
        }
    }

    // What is sent.

    /** While what was read is worked off, nothing is flushed: it all leaves together after that. */
    void reading() {
        reading = true;
    }

    void read() {
        reading = false;
        streams.paused();
        send();
    }

    /** Flushes once all that the loop has at hand was worked off. */
    void flushSoon() {
        if (!reading && !flushScheduled && !closed) {
            flushScheduled = true;
            loop.eventLoop().execute(flushNow);
        }
    }

    private void flushNow() {
        flushScheduled = false;
        send();
    }

    /** Sends what streams may send, tells who waits for room, and flushes. */
    void send() {
        if (sending) {
            sendAgain = true;
            return;
        }
        sending = true;
        do {
            sendAgain = false;
            outflow.send();
            if (outflow.sourcesWait()) {
                streams.tellWritable();
            }
        } while (sendAgain);
        sending = false;
        writer.flush();
        whenSent.run();
    }

    /** Whether the connection is there. */
    boolean isOpen() {
        return channel.isActive();
    }

    /** The connection is gone. */
    void close() {
        closed = true;
        writer.close();
    }
}
