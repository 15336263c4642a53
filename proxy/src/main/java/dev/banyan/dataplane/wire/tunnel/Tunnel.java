package dev.banyan.dataplane.wire.tunnel;

import dev.banyan.dataplane.exchange.TunnelEnd;
import dev.banyan.dataplane.loop.Loop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A WebSocket on its way through: bytes both ways between two connections of one event loop, as they come, the slower of the two setting
 * the pace. What one side ends is ended on the other once all has arrived there; then both have a bounded time to close.
 */
public final class Tunnel implements Loop.Swept {
    /** For the answer to our Close, where we end it. */
    private static final Duration FAREWELL = Duration.ofMillis(500);

    private static final int FIN_CLOSE = 0x88;
    private static final int MASKED = 0x80;

    /** "Going away" (RFC 6455, 7.4.1). */
    private static final short GOING_AWAY = 1001;

    /**
     * How long it may last.
     *
     * @param idle without a byte in either direction
     * @param linger without a byte once one side has ended
     */
    public record Limits(Duration idle, Duration linger) {}

    private final Loop loop;
    private final Relay toUpstream;
    private final Relay toClient;
    private final Limits limits;
    private final TunnelEnd.Listener listener;
    private long movedNanos;
    private long deadlineNanos;
    private boolean leaving;
    private int closed;
    private String reason = "";
    private int slot;

    private Tunnel(Loop loop, Channel client, Channel upstream, Limits limits, TunnelEnd.Listener listener) {
        this.loop = loop;
        this.limits = limits;
        this.listener = listener;
        this.toUpstream = new Relay(this, client, upstream);
        this.toClient = new Relay(this, upstream, client);
        this.movedNanos = loop.coarseNanos();
    }

    /**
     * Begins one. From here on every byte that reaches the end of one pipeline goes to the other connection; the handlers before it pass
     * on what they are told.
     */
    public static Tunnel between(
            Loop loop, Channel client, Channel upstream, Limits limits, TunnelEnd.Listener listener) {
        assert upstream.eventLoop() == client.eventLoop() : "a tunnel over two event loops";
        Tunnel tunnel = new Tunnel(loop, client, upstream, limits, listener);
        tunnel.begin(tunnel.toUpstream);
        tunnel.begin(tunnel.toClient);
        loop.watch(tunnel);
        return tunnel;
    }

    private void begin(Relay relay) {
        // Else the end of what one side sends would close its connection, and the other's last words with it.
        relay.from().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        // A write that fails ends a tunnel: there is no answer that came before it to be read.
        relay.from().config().setOption(ChannelOption.AUTO_CLOSE, true);
        relay.from().pipeline().addLast(relay);
        relay.readIfThereIsRoom();
    }

    void moved() {
        movedNanos = loop.coarseNanos();
    }

    Relay opposite(Relay relay) {
        return relay == toUpstream ? toClient : toUpstream;
    }

    void oneWayEnded() {
        moved();
        if (toUpstream.ended() && toClient.ended() && !leaving) {
            closeBoth();
        }
    }

    void broken(Relay relay) {
        if (reason.isEmpty()) {
            reason = relay == toUpstream ? "client-gone" : "upstream-gone";
        }
    }

    /** The connection that the relay reads from is gone, so the other's is of no use either. */
    void closed(Relay relay) {
        closed++;
        opposite(relay).drop();
        if (closed == 2) {
            loop.forget(this);
            listener.ended(new TunnelEnd(toUpstream.bytes(), toClient.bytes(), reason));
        } else if (!leaving) {
            Channel other = opposite(relay).from();
            other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(all -> other.close());
        }
    }

    /** Ends it: both sides are told by a Close frame, where one may stand, and get a moment to answer. */
    public void leave(String why) {
        if (leaving || closed > 0) {
            closeBoth();
            return;
        }
        leaving = true;
        reason = why;
        deadlineNanos = loop.coarseNanos() + FAREWELL.toNanos();
        toClient.interject(close());
        toUpstream.interject(maskedClose());
        toClient.end();
        toUpstream.end();
    }

    private static ByteBuf close() {
        return Unpooled.buffer(4).writeByte(FIN_CLOSE).writeByte(Short.BYTES).writeShort(GOING_AWAY);
    }

    /** What a client sends is masked, and we are the client here (RFC 6455, 5.3). */
    private static ByteBuf maskedClose() {
        int mask = ThreadLocalRandom.current().nextInt();
        return Unpooled.buffer(8)
                .writeByte(FIN_CLOSE)
                .writeByte(MASKED | Short.BYTES)
                .writeInt(mask)
                .writeShort(GOING_AWAY ^ mask >>> Short.SIZE);
    }

    private void closeBoth() {
        toUpstream.from().close();
        toClient.from().close();
    }

    @Override
    public void sweep(long nowNanos) {
        long silentNanos = nowNanos - movedNanos;
        boolean halfEnded = toUpstream.ended() || toClient.ended() || closed > 0;
        if (leaving) {
            if (nowNanos - deadlineNanos > 0) {
                closeBoth();
            }
        } else if (halfEnded && silentNanos > limits.linger().toNanos()) {
            reason = "tunnel-linger";
            closeBoth();
        } else if (silentNanos > limits.idle().toNanos()) {
            leave("tunnel-idle");
        }
    }

    @Override
    public int slot() {
        return slot;
    }

    @Override
    public void slot(int slot) {
        this.slot = slot;
    }
}
