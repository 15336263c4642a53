package dev.banyan.legacystub.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A stand-in for events, for the demo only: hands each write of the stub to the services over loopback, in the order in which it made
 * them. A service that was away gets what it missed.
 */
public final class StandInForEvents implements AutoCloseable {
    /** How long a write waits for the services, so that its own client finds it at both sides at once. */
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private final String run = UUID.randomUUID().toString();
    private final List<ObjectNode> written = new ArrayList<>();
    private final List<Receiver> receivers;

    /**
     * Begins.
     *
     * @param services the origins of the services; none: nothing is handed to anybody, nor kept for it
     */
    public StandInForEvents(List<URI> services) {
        receivers = services.stream()
                .map(service -> new Receiver(service, run, this::from))
                .toList();
        receivers.forEach(Receiver::start);
    }

    /** To be called in the order of the writes. Returns at once; takes ownership of the row. */
    public void add(ObjectNode row) {
        if (receivers.isEmpty()) {
            return;
        }
        synchronized (written) {
            written.add(row);
        }
        receivers.forEach(Receiver::wake);
    }

    /** Returns when every service that is there has what was added so far, or does not take it in time. */
    public void await() {
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        int wanted = count();
        receivers.forEach(receiver -> receiver.await(wanted, deadlineNanos));
    }

    private int count() {
        synchronized (written) {
            return written.size();
        }
    }

    /** Up to {@code most} rows, from that one on. */
    private List<JsonNode> from(int first, int most) {
        synchronized (written) {
            return List.copyOf(written.subList(first, Math.min(written.size(), first + most)));
        }
    }

    @Override
    public void close() {
        receivers.forEach(Receiver::close);
    }
}
