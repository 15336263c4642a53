package dev.banyan.dataplane.upstream;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which address of an endpoint's name answered last, and which did not lately: the next connection begins where one will stand. Used by
 * every loop, but for new connections only.
 */
final class AddressMemory {
    /** How long an address that gave no connection comes last. */
    static final long AVOIDED_NANOS = Duration.ofSeconds(30).toNanos();

    private final Map<InetAddress, Long> failedAtNanos = new ConcurrentHashMap<>();

    private volatile @Nullable InetAddress answering;

    void stood(InetAddress address) {
        failedAtNanos.remove(address);
        answering = address;
    }

    void failed(InetAddress address, long nowNanos) {
        failedAtNanos.put(address, nowNanos);
        if (address.equals(answering)) {
            answering = null;
        }
    }

    /**
     * The order in which to try them: what answered last, the others with the families taking turns (RFC 8305, 4), and at the end what
     * has failed lately, the longest ago first.
     *
     * @param resolved in the resolver's order; who stands first says which family is preferred
     */
    List<InetAddress> inOrder(List<InetAddress> resolved, long nowNanos) {
        failedAtNanos
                .entrySet()
                .removeIf(
                        failed -> nowNanos - failed.getValue() > AVOIDED_NANOS || !resolved.contains(failed.getKey()));
        Map<InetAddress, Long> failed = Map.copyOf(failedAtNanos);
        List<InetAddress> order = takingTurns(resolved.stream()
                .filter(address -> !failed.containsKey(address))
                .toList());
        resolved.stream()
                .filter(failed::containsKey)
                .sorted(Comparator.comparing(address -> failed.getOrDefault(address, nowNanos) - nowNanos))
                .forEach(order::add);
        InetAddress first = answering;
        if (first != null && order.remove(first)) {
            order.add(0, first);
        }
        return order;
    }

    private static List<InetAddress> takingTurns(List<InetAddress> addresses) {
        List<InetAddress> preferred = new ArrayList<>();
        List<InetAddress> others = new ArrayList<>();
        addresses.forEach(
                address -> (address.getClass() == addresses.get(0).getClass() ? preferred : others).add(address));
        List<InetAddress> turns = new ArrayList<>(addresses.size());
        for (int i = 0; i < Math.max(preferred.size(), others.size()); i++) {
            if (i < preferred.size()) {
                turns.add(preferred.get(i));
            }
            if (i < others.size()) {
                turns.add(others.get(i));
            }
        }
        return turns;
    }
}
