package dev.banyan.controlplane.admin.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How often one peer may come with a wrong token. A right one always passes: guessing 32 random bytes is hopeless with or without a
 * limit, while a page with an old token that asks again and again must not lock the operator beside it out.
 */
public final class GuessLimit {
    public static final int ATTEMPTS = 10;
    public static final Duration WINDOW = Duration.ofMinutes(1);

    /** Bounded, so that many addresses cost no memory; the one that was quiet longest is forgotten. */
    private static final int MOST_PEERS = 4_096;

    private final Clock clock;
    private final Map<String, Attempts> byPeer = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Attempts> eldest) {
            return size() > MOST_PEERS;
        }
    };

    public GuessLimit(Clock clock) {
        this.clock = clock;
    }

    /** Counts a wrong token. Empty if it may be told so; otherwise how long the peer is not listened to. */
    public synchronized Optional<Duration> wrongToken(String peer) {
        Instant now = clock.instant();
        Attempts before = byPeer.get(peer);
        if (before == null || !now.isBefore(before.until())) {
            byPeer.put(peer, new Attempts(1, now.plus(WINDOW)));
            return Optional.empty();
        }
        if (before.count() >= ATTEMPTS) {
            return Optional.of(Duration.between(now, before.until()));
        }
        byPeer.put(peer, new Attempts(before.count() + 1, before.until()));
        return Optional.empty();
    }

    private record Attempts(int count, Instant until) {}
}
