package dev.banyan.controlplane.writes;

import dev.banyan.controlplane.revisions.CanaryChange;
import dev.banyan.controlplane.revisions.Cause;
import dev.banyan.controlplane.revisions.FreezeChange;
import dev.banyan.controlplane.revisions.MemoryStore;
import dev.banyan.controlplane.revisions.Outcome;
import dev.banyan.controlplane.revisions.Precondition;
import dev.banyan.controlplane.revisions.Publisher;
import dev.banyan.controlplane.revisions.Source;
import dev.banyan.controlplane.revisions.StrandedWrites;
import dev.banyan.controlplane.revisions.TakenByModern;
import dev.banyan.routing.RouteInForce;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Share;
import dev.banyan.routing.file.RoutesDirectory;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The real revisions of one route, {@code orders}, over a store that is a list and can be made to fail. */
final class Routes implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    static final Cause ALICE = new Cause("alice", "because");

    final Publisher publisher;
    final MemoryStore store;

    private Routes(MemoryStore store, TakenByModern taken, Consumer<RoutingTable> inForce) throws IOException {
        this.store = store;
        this.publisher = Publisher.start(store, Source.FILES, taken, inForce, CLOCK);
    }

    static Routes of(String canary, String writes) throws IOException {
        return of(new MemoryStore(), TakenByModern.UNCOUNTED, table -> {}).say(canary, writes);
    }

    static Routes of(MemoryStore store, TakenByModern taken, Consumer<RoutingTable> inForce) throws IOException {
        return new Routes(store, taken, inForce);
    }

    /** A file with these two says so. */
    Routes say(String canary, String writes) {
        String yaml = """
                banyan: 1
                default: rails
                upstreams:
                  rails: { url: "http://127.0.0.1:3000" }
                  modern: { url: "http://127.0.0.1:8081" }
                routes:
                  orders:
                    match: [ GET /orders, POST /orders ]
                    legacy: rails
                    modern: modern
                    canary: %s
                    writes: %s
                """.formatted(canary, writes);
        await(publisher.takeFiles(
                new RoutesDirectory.Listed(new TreeMap<>(Map.of("routes.yaml", yaml)), new TreeMap<>(), List.of()),
                new Cause("files", "")));
        return this;
    }

    RouteInForce orders() {
        return Objects.requireNonNull(publisher.current().table().routes().get("orders"));
    }

    Outcome canary(String percent) {
        return await(publisher.submit(
                CanaryChange.set(
                        "orders", Share.ofPercent(new BigDecimal(percent)).orElseThrow(), StrandedWrites.REFUSE),
                ALICE,
                Precondition.NONE));
    }

    Outcome freeze() {
        return await(publisher.submit(new FreezeChange(Optional.of("orders"), false), ALICE, Precondition.NONE));
    }

    static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    @Override
    public void close() {
        publisher.close();
    }
}
