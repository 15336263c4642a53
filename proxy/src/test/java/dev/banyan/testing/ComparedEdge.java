package dev.banyan.testing;

import dev.banyan.controlplane.parity.Parity;
import dev.banyan.controlplane.parity.RouteParity;
import dev.banyan.dataplane.DataPlane;
import dev.banyan.dataplane.mirror.CopyRules;
import dev.banyan.routing.RoutingTable;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** An edge before two upstreams, whose answers are compared as they are in earnest. */
public final class ComparedEdge implements AutoCloseable {
    private final Parity parity = Parity.start(new SimpleMeterRegistry());
    private final int legacyPort;
    private final int modernPort;
    private final TestEdge edge;
    private long revision = 1;

    private ComparedEdge(int legacyPort, int modernPort, String route, CopyRules rules) throws IOException {
        this.legacyPort = legacyPort;
        this.modernPort = modernPort;
        RoutingTable table = ShadowedEdge.table(revision, legacyPort, modernPort, route);
        parity.inForce(table);
        edge = TestEdge.with(table, DataPlane.SideTraffic.NONE.comparedBy(parity, rules));
    }

    /**
     * One route, {@code orders}, all of whose requests go to legacy.
     *
     * @param route the keys of the route, each on a line of its own
     */
    public static ComparedEdge before(int legacyPort, int modernPort, String route) throws IOException {
        return before(legacyPort, modernPort, route, CopyRules.USUAL);
    }

    public static ComparedEdge before(int legacyPort, int modernPort, String route, CopyRules rules)
            throws IOException {
        return new ComparedEdge(legacyPort, modernPort, route, rules);
    }

    /** Has another table obeyed. */
    public void inForce(String route) throws IOException {
        revision++;
        RoutingTable table = ShadowedEdge.table(revision, legacyPort, modernPort, route);
        parity.inForce(table);
        edge.plane().putInForce(table);
    }

    /** What a client gets, over a connection of its own. */
    public String get(String target, String... fields) throws IOException {
        return send("GET", target, fields);
    }

    /** The same by another method, without a body. */
    public String send(String method, String target, String... fields) throws IOException {
        return ShadowedEdge.send(edge, method, target, fields);
    }

    /** What is known of the route's first revision and later ones, as soon as it is so. */
    public RouteParity parity(Predicate<RouteParity> condition) {
        Await.until(() -> condition.test(now()));
        return now();
    }

    /** What is known by now. */
    public RouteParity now() {
        return parity.of("orders", OptionalLong.of(1), Instant.now(), Optional.empty())
                .orElseThrow();
    }

    /** Waits until so many copies were made. */
    public void awaitCopies(int count) {
        Await.until(() -> Gauges.counter(edge, "banyan.shadow.copies", "route", "orders") >= count);
    }

    /** Waits until one was not made, for that reason. */
    public void awaitUnmade(String why) {
        Await.until(() -> unmade(why) > 0);
    }

    /** How many were not made, for that reason. */
    public double unmade(String why) {
        return Gauges.counter(edge, "banyan.shadow.not.made", "why", why);
    }

    /** Waits until so many requests were made without the client's credentials. */
    public void awaitStrangers(int count) {
        Await.until(() -> Gauges.counter(edge, "banyan.shadow.strangers", "route", "orders") >= count);
    }

    /** Waits until another second has begun for event loops too, whose clock is up to 50 ms late. */
    public void awaitNextSecond() {
        Instant next = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusMillis(1_100);
        Await.until(() -> Instant.now().isAfter(next));
    }

    @Override
    public void close() throws IOException {
        edge.close();
        parity.close();
    }
}
