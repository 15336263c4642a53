package dev.banyan.dataplane.message;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.time.Duration;

/** Whether a peer takes what is ready for it: one that takes nothing would keep an upstream, and our memory, for ever. */
public final class OutputProgress {
    private long mark;
    private long movedNanos;

    /** Asked now and then. */
    public boolean isStuck(Channel channel, long nowNanos, Duration limit) {
        ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
        long pending = out == null ? 0 : out.totalPendingWriteBytes();
        // Entries leave the total only as a whole: how far the first has got is looked at too.
        long next =
                pending == 0 ? 0 : 31 * pending + (out.current() instanceof ByteBuf first ? first.readableBytes() : 0);
        if (next == 0 || next != mark) {
            mark = next;
            movedNanos = nowNanos;
            return false;
        }
        return nowNanos - movedNanos > limit.toNanos();
    }
}
