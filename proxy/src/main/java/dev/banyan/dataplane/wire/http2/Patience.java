package dev.banyan.dataplane.wire.http2;

import dev.banyan.dataplane.message.OutputProgress;
import dev.banyan.dataplane.wire.ClientTimeouts;
import io.netty.channel.Channel;

/** How long a client is waited for: for its preface and each head, for its next request, for it to take what is sent. */
final class Patience {
    private final ClientTimeouts timeouts;
    private final OutputProgress output = new OutputProgress();
    private long withinSinceNanos;
    private long busyNanos;

    /** What is to be done about a client that takes its time. */
    enum Verdict {
        WAIT,
        /** It takes nothing of what is ready for it. */
        CUT,
        /** Its preface or a head does not come to its end. */
        SLOW_START,
        /** It has kept the connection for nothing. */
        IDLE
    }

    Patience(ClientTimeouts timeouts, long nowNanos) {
        this.timeouts = timeouts;
        withinSinceNanos = nowNanos;
        busyNanos = nowNanos;
    }

    /** Something was read. */
    void read(FrameReader reader, long nowNanos) {
        if (!reader.isWithin()) {
            withinSinceNanos = nowNanos;
        }
    }

    /** A request began or ended. Pings do not count: who keeps a connection for nothing is told to go, and comes back. */
    void busy(long nowNanos) {
        busyNanos = nowNanos;
    }

    /** Asked now and then, while requests are served. */
    Verdict judge(Channel channel, FrameReader reader, boolean anyStream, long nowNanos) {
        if (output.isStuck(channel, nowNanos, timeouts.idle())) {
            return Verdict.CUT;
        }
        if ((reader.isWithin() || !reader.started())
                && nowNanos - withinSinceNanos > timeouts.head().toNanos()) {
            return Verdict.SLOW_START;
        }
        if (!anyStream && nowNanos - busyNanos > timeouts.keepAlive().toNanos()) {
            return Verdict.IDLE;
        }
        return Verdict.WAIT;
    }
}
