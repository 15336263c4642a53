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

    private Outcome submit(Change change) {
        return submit(change, Precondition.NONE);
    }

    private Outcome submit(Change change, Precondition precondition) {
        return await(publisher.submit(change, ALICE, precondition));
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
        return submit(new ApplyFiles(yaml()));
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
        return canaryIf(route, percent, Precondition.NONE);
    }

    Outcome canaryIf(String route, String percent, Precondition precondition) {
        return submit(CanaryChange.set(route, share(percent), StrandedWrites.REFUSE), precondition);
    }

    Outcome clear(String route) {
        return submit(CanaryChange.clear(route, StrandedWrites.REFUSE));
    }

    Outcome shadow(String route, String percent) {
        return submit(ShadowChange.set(route, share(percent)));
    }

    Outcome clearShadow(String route) {
        return submit(ShadowChange.clear(route));
    }

    Outcome freeze(String route) {
        return submit(new FreezeChange(Optional.of(route), false));
    }

    Outcome freezeEverything(boolean withWrites) {
        return submit(new FreezeChange(Optional.empty(), withWrites));
    }

    Outcome thaw(String route) {
        return submit(new ThawChange(Optional.of(route)));
    }

    Outcome thawEverything() {
        return submit(new ThawChange(Optional.empty()));
    }

    Outcome moveWrites(String route, Side to) {
        return submit(new OwnerChange(route, to, false, StrandedWrites.REFUSE));
    }

    Outcome moveWritesAnyhow(String route, Side to) {
        return submit(new OwnerChange(route, to, true, StrandedWrites.ACCEPT));
    }

    Outcome rollback(long number) {
        return submit(new Rollback(number, Optional.empty(), StrandedWrites.REFUSE));
    }

    Outcome rollback(long number, String route) {
        return submit(new Rollback(number, Optional.of(route), StrandedWrites.REFUSE));
    }

    Outcome unpin() {
        return submit(new Unpin());
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
