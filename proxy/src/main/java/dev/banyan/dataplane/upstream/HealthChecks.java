package dev.banyan.dataplane.upstream;

import dev.banyan.contract.HealthProbe;
import dev.banyan.contract.UpstreamWatcher;
import dev.banyan.routing.Upstream;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks every endpoint of an upstream again and again whether it is well, and takes it out of rotation, or back, after so many equal
 * answers in a row. An endpoint counts as up until it was found down. Works on one loop.
 */
final class HealthChecks {
    private static final Duration SHORTEST_TIMEOUT = Duration.ofSeconds(1);

    private final Upstream upstream;
    private final Upstream.Health settings;
    private final Endpoints endpoints;
    private final HealthProbe probe;
    private final UpstreamWatcher watcher;
    private final EventLoop loop;
    private final Map<EndpointHandle, Streak> streaks = new HashMap<>();
    private final ScheduledFuture<?> asking;
    private boolean stopped;

    /** Answers of one endpoint: how many equal ones came last. */
    private static final class Streak {
        private boolean well = true;
        private int length;
        private boolean underWay;
    }

    /** @param before its predecessor: what it counted goes on, if it asked the same */
    HealthChecks(
            @Nullable HealthChecks before,
            Upstream upstream,
            Upstream.Health settings,
            Endpoints endpoints,
            HealthProbe probe,
            UpstreamWatcher watcher,
            EventLoop loop) {
        this.upstream = upstream;
        this.settings = settings;
        this.endpoints = endpoints;
        this.probe = probe;
        this.watcher = watcher;
        this.loop = loop;
        if (before != null && before.settings.equals(settings)) {
            loop.execute(() -> streaks.putAll(before.streaks));
        }
        long everyNanos = settings.every().toNanos();
        // Not in step with every other upstream and every other replica.
        long firstNanos = ThreadLocalRandom.current().nextLong(1 + everyNanos / 10);
        this.asking = loop.scheduleAtFixedRate(this::ask, firstNanos, everyNanos, TimeUnit.NANOSECONDS);
    }

    private void ask() {
        EndpointHandle[] now = endpoints.now();
        streaks.keySet().retainAll(Arrays.asList(now));
        for (EndpointHandle endpoint : now) {
            Streak streak = streaks.computeIfAbsent(endpoint, none -> new Streak());
            if (!streak.underWay) {
                ask(endpoint, streak);
            }
        }
    }

    private void ask(EndpointHandle endpoint, Streak streak) {
        Optional<Trust> trust = endpoint.trust();
        Optional<HealthProbe.Verification> verification = trust.flatMap(Trust::verification);
        if (trust.isPresent() && verification.isEmpty()) {
            answered(
                    endpoint,
                    streak,
                    Optional.of("cannot be verified: " + trust.get().problem().orElse("")));
            return;
        }
        streak.underWay = true;
        endpoint.connector()
                .addresses(
                        loop,
                        endpoint,
                        addresses -> probe.ask(
                                upstream,
                                endpoint.endpoint(),
                                addresses,
                                verification,
                                settings.path(),
                                timeout(),
                                result -> loop.execute(() -> answered(endpoint, streak, result))),
                        cause -> answered(endpoint, streak, Optional.of("has a name that does not resolve")));
    }

    private Duration timeout() {
        Duration most = upstream.timeouts().response();
        Duration usual = settings.every().compareTo(SHORTEST_TIMEOUT) < 0 ? SHORTEST_TIMEOUT : settings.every();
        return usual.compareTo(most) < 0 ? usual : most;
    }

    private void answered(EndpointHandle endpoint, Streak streak, Optional<String> result) {
        streak.underWay = false;
        if (stopped) {
            return;
        }
        boolean well = result.isEmpty();
        streak.length = streak.well == well ? streak.length + 1 : 1;
        streak.well = well;
        Condition condition = endpoint.condition();
        if (well && condition.down() && streak.length >= settings.healthyAfter()) {
            condition.comesUp(System.nanoTime());
            tell(endpoint, "unhealthy", "ready", "");
        } else if (!well && !condition.down() && streak.length >= settings.unhealthyAfter()) {
            condition.goesDown();
            tell(endpoint, "ready", "unhealthy", result.get());
        }
    }

    private void tell(EndpointHandle endpoint, String from, String to, String why) {
        watcher.changed(new UpstreamWatcher.Change(upstream.id(), endpoint.authority(), from, to, why));
    }

    /** Asks no more. Without a successor nothing would find a down endpoint up again. */
    void stop(boolean goesOn) {
        asking.cancel(false);
        loop.execute(() -> {
            stopped = true;
            if (!goesOn) {
                streaks.keySet().forEach(endpoint -> endpoint.condition().comesUp(System.nanoTime()));
            }
        });
    }
}
