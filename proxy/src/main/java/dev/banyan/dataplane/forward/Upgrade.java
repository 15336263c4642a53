package dev.banyan.dataplane.forward;

import dev.banyan.dataplane.exchange.Exchange;
import dev.banyan.dataplane.message.FieldLine;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.OutgoingHead;
import dev.banyan.dataplane.observe.AttemptMeters;
import io.netty.channel.Channel;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes a tunnel of an exchange whose WebSocket was granted. It is shown for as long as it is open. */
final class Upgrade {
    private Upgrade() {}

    /** @param whenEnded run when the tunnel has ended */
    static void begin(
            Exchange exchange, Way way, AttemptMeters meters, Head head, Channel connection, Runnable whenEnded) {
        AtomicInteger open =
                meters.tunnels(way.decision().routeId(), way.decision().side());
        open.incrementAndGet();
        OutgoingHead out = AnswerFields.upgraded(way.decision(), head);
        for (FieldLine line : way.debugFields()) {
            out.add(line);
        }
        exchange.tunnel(out, connection, () -> {
            open.decrementAndGet();
            whenEnded.run();
            exchange.course().upstreamDone();
        });
    }
}
