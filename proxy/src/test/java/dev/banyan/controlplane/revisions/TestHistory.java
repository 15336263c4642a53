package dev.banyan.controlplane.revisions;

import dev.banyan.routing.RouteInForce;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Share;
import dev.banyan.routing.Side;
import dev.banyan.routing.file.RoutesDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** A publisher over a directory that is a map, with commands of one word each. */
final class TestHistory implements AutoCloseable {
    static final String PLATFORM = "default rails\nupstream rails port=3000\n";
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Cause ALICE = new Cause("alice", "because");

    final SortedMap<String, String> files = new TreeMap<>();
    final MemoryStore store = new MemoryStore();
    final List<RoutingTable> putInForce = new CopyOnWriteArrayList<>();
    Publisher publisher;
    private final Source source;

    private TestHistory(Source source) {
        this.source = source;
        publisher = start();
    }

    /** With a platform file, and the routes of one more file, in force as revision 1. */
    static TestHistory of(String... routes) {
        TestHistory history = empty();
        history.files.put("00-platform.yaml", PLATFORM);
        history.files.put("squad.yaml", "upstream modern port=8081\n" + String.join("\n", routes));
        history.save();
        return history;
    }

    /** The same, applied: {@code source: api}. */
    static TestHistory applied(String... routes) {
        TestHistory history = new TestHistory(Source.API);
        history.files.put("00-platform.yaml", PLATFORM);
        history.files.put("squad.yaml", "upstream modern port=8081\n" + String.join("\n", routes));
        history.apply();
        return history;
    }

    static TestHistory empty() {
        return new TestHistory(Source.FILES);
    }

    private Publisher start() {
        try {
            return Publisher.start(
                    store, source, TakenByModern.UNCOUNTED, putInForce::add, Clock.fixed(NOW, ZoneOffset.UTC));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void restart() {
        publisher.close();
        publisher = start();
    }

    Outcome save() {
        return await(publisher.takeFiles(
                new RoutesDirectory.Listed(yaml(), new TreeMap<>(), List.of()), new Cause("files", "")));
    }

    Outcome apply() {
        return await(publisher.apply(yaml(), ALICE, Precondition.NONE));
    }

    SortedMap<String, String> yaml() {
        SortedMap<String, String> yaml = new TreeMap<>();
        files.forEach((name, lines) -> yaml.put(name, Lines.toYaml(lines)));
        return yaml;
    }

    Outcome save(String file, String text) {
        files.put(file, text);
        return save();
    }

    Outcome saveRoutes(String... routes) {
        return save("squad.yaml", "upstream modern port=8081\n" + String.join("\n", routes));
    }

    Outcome canary(String route, String percent) {
        return await(publisher.setCanary(route, share(percent), ALICE, Precondition.NONE));
    }

    Outcome canaryIf(String route, String percent, Precondition precondition) {
        return await(publisher.setCanary(route, share(percent), ALICE, precondition));
    }

    Outcome clear(String route) {
        return await(publisher.clearCanary(route, ALICE, Precondition.NONE));
    }

    Outcome shadow(String route, String percent) {
        return await(publisher.setShadow(route, share(percent), ALICE, Precondition.NONE));
    }

    Outcome clearShadow(String route) {
        return await(publisher.clearShadow(route, ALICE, Precondition.NONE));
    }

    Outcome freeze(String route) {
        return await(publisher.freeze(Optional.of(route), false, ALICE, Precondition.NONE));
    }

    Outcome freezeEverything(boolean withWrites) {
        return await(publisher.freeze(Optional.empty(), withWrites, ALICE, Precondition.NONE));
    }

    Outcome thaw(String route) {
        return await(publisher.thaw(Optional.of(route), ALICE, Precondition.NONE));
    }

    Outcome thawEverything() {
        return await(publisher.thaw(Optional.empty(), ALICE, Precondition.NONE));
    }

    Outcome moveWrites(String route, Side to) {
        return await(publisher.moveOwner(route, to, false, StrandedWrites.REFUSE, ALICE, Precondition.NONE));
    }

    Outcome moveWritesAnyhow(String route, Side to) {
        return await(publisher.moveOwner(route, to, true, StrandedWrites.ACCEPT, ALICE, Precondition.NONE));
    }

    Outcome rollback(long number) {
        return await(publisher.rollback(number, Optional.empty(), ALICE, Precondition.NONE));
    }

    Outcome rollback(long number, String route) {
        return await(publisher.rollback(number, Optional.of(route), ALICE, Precondition.NONE));
    }

    Outcome unpin() {
        return await(publisher.unpin(ALICE, Precondition.NONE));
    }

    long number() {
        return publisher.current().number();
    }

    RouteInForce route(String id) {
        RouteInForce route = publisher.current().table().routes().get(id);
        if (route == null) {
            throw new AssertionError("no route " + id);
        }
        return route;
    }

    List<String> changes() {
        return publisher.current().changes();
    }

    static Share share(String percent) {
        return Share.ofPercent(new BigDecimal(percent)).orElseThrow();
    }

    static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    @Override
    public void close() {
        publisher.close();
    }
}
