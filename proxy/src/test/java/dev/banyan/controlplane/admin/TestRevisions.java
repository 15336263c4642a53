package dev.banyan.controlplane.admin;

import dev.banyan.controlplane.revisions.CanaryChange;
import dev.banyan.controlplane.revisions.Cause;
import dev.banyan.controlplane.revisions.MemoryStore;
import dev.banyan.controlplane.revisions.Outcome;
import dev.banyan.controlplane.revisions.Precondition;
import dev.banyan.controlplane.revisions.Publisher;
import dev.banyan.controlplane.revisions.Revision;
import dev.banyan.controlplane.revisions.Revisions;
import dev.banyan.controlplane.revisions.Source;
import dev.banyan.controlplane.revisions.StrandedWrites;
import dev.banyan.controlplane.revisions.TakenByModern;
import dev.banyan.routing.Share;
import dev.banyan.routing.file.RoutesDirectory;
import dev.banyan.routing.file.TableFiles;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;

/** The real history of the money app's table, over a store that is a list. */
public final class TestRevisions implements AutoCloseable {
    private static final String GOALS = "banyan: 1\nroutes:\n  goals: { match: [ GET /api/goals ], legacy: rails }\n";
    private static final String BAD = "banyan: 1\nroutes:\n  : 5\n";

    private final MemoryStore store = new MemoryStore();
    private final Publisher publisher;
    private final AtomicReference<Runnable> beforeNextCanary = new AtomicReference<>(() -> {});

    public TestRevisions(Clock clock, Source source) throws IOException {
        publisher = Publisher.start(store, source, TakenByModern.UNCOUNTED, table -> {}, clock);
        files(Map.of("money.yaml", "good"));
    }

    /** For the server under test: lets a test step in between its check and its change. */
    public Revisions port() {
        return (Revisions) Proxy.newProxyInstance(
                Revisions.class.getClassLoader(), new Class<?>[] {Revisions.class}, (proxy, method, arguments) -> {
                    if (arguments != null && arguments.length > 0 && arguments[0] instanceof CanaryChange) {
                        beforeNextCanary.getAndSet(() -> {}).run();
                    }
                    try {
                        return method.invoke(publisher, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    void beforeNextCanary(Runnable action) {
        beforeNextCanary.set(action);
    }

    /** What the watched directory says now: files that are {@code bad} (refused), one more route, or the money app's table. */
    void files(Map<String, String> files) {
        TreeMap<String, String> texts = new TreeMap<>();
        files.forEach((name, text) -> texts.put(name, content(text)));
        RoutesDirectory.Listed listed = new RoutesDirectory.Listed(texts, new TreeMap<>(), List.of());
        await(publisher.takeFiles(listed, new Cause("files", "")));
    }

    private static String content(String text) {
        return switch (text) {
            case "bad" -> BAD;
            case "goals" -> GOALS;
            default -> TableFiles.text(Tables.moneyApp()) + "# " + text + "\n";
        };
    }

    /** Whether the disk under the store has no room. */
    void diskIsFull(boolean full) {
        store.failing = full;
    }

    public Outcome setCanary(String route, Share share, Cause cause) {
        return await(publisher.submit(CanaryChange.set(route, share, StrandedWrites.REFUSE), cause, Precondition.NONE));
    }

    Revision current() {
        return publisher.current();
    }

    @Override
    public void close() {
        publisher.close();
    }

    private static Outcome await(CompletionStage<Outcome> stage) {
        return stage.toCompletableFuture().join();
    }
}
