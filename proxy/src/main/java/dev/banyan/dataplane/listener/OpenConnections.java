package dev.banyan.dataplane.listener;

import dev.banyan.net.IpAddress;
import io.netty.channel.Channel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the connections that are open, in all and by client, from all event loops. Only who has some is kept. */
final class OpenConnections {
    /** Who has one address of IPv6 has all of its network. */
    private static final int IPV6_CLIENT_BITS = 64;

    private final ConnectionLimits limits;
    private final AtomicInteger all = new AtomicInteger();
    private final Map<IpAddress, Integer> byClient = new ConcurrentHashMap<>();

    OpenConnections(ConnectionLimits limits) {
        this.limits = limits;
    }

    /** Counts it until it is closed; false if it is one too many. */
    boolean take(Channel connection) {
        boolean within = all.incrementAndGet() <= limits.all();
        connection.closeFuture().addListener(closed -> all.decrementAndGet());
        return within;
    }

    /** Counts it, of {@code client}, until it is closed; false if it is one too many. */
    boolean take(Channel connection, IpAddress client) {
        if (limits.perClient() == 0) {
            return true;
        }
        IpAddress who = client.isIpv4() ? client : client.masked(IPV6_CLIENT_BITS);
        int count = byClient.merge(who, 1, Integer::sum);
        connection
                .closeFuture()
                .addListener(closed -> byClient.computeIfPresent(who, (same, now) -> now == 1 ? null : now - 1));
        return count <= limits.perClient();
    }
}
