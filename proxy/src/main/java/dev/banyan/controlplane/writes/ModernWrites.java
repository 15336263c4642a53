package dev.banyan.controlplane.writes;

import dev.banyan.contract.WriteGates;
import dev.banyan.controlplane.revisions.Revision;
import dev.banyan.controlplane.revisions.Revisions;
import dev.banyan.controlplane.revisions.TakenByModern;
import dev.banyan.controlplane.writes.WrittenStore.Kept;
import dev.banyan.controlplane.writes.WrittenStore.Period;
import dev.banyan.routing.RouteInForce;
import dev.banyan.routing.Side;
import java.io.IOException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much modern has taken of each route whose data it owns: counted by the data plane, kept here every few seconds and at a clean
 * stop. After any other stop the counts say of themselves that they may be short.
 */
public final class ModernWrites implements TakenByModern, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ModernWrites.class);
    private static final long SECONDS_BETWEEN = 10;

    private final WrittenStore store;
    private final WriteGates gates;
    private final ScheduledExecutorService keeper = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "banyan-modern-writes");
        thread.setDaemon(true);
        return thread;
    });

    /** By route, what was counted before this start; what came since is at the gates. */
    private final SortedMap<String, Period> periods = new TreeMap<>();

    private long revision;
    private Optional<Kept> lastKept = Optional.empty();
    private boolean failing;

    private ModernWrites(WrittenStore store, WriteGates gates) {
        this.store = store;
        this.gates = gates;
    }

    /** From here on a stop that is not clean is noticed by the next start. */
    public static ModernWrites open(WrittenStore store, WriteGates gates) {
        ModernWrites writes = new ModernWrites(store, gates);
        store.read().ifPresent(kept -> {
            writes.revision = kept.revision();
            kept.routes()
                    .forEach((route, period) -> writes.periods.put(route, kept.whole() ? period : period.inexact()));
        });
        writes.keep(false);
        return writes;
    }

    /** Takes up what was published since the last count was kept, then whatever is published. */
    public void follow(Revisions revisions) {
        revisions.onPublished(published -> published(published, true));
        Revision current = revisions.current();
        long known = revisionKnown();
        // A store without counts is no reason to read its whole history.
        for (long number = known + 1; known > 0 && number < current.number(); number++) {
            revisions.find(number).ifPresent(missed -> published(missed, false));
        }
        published(current, false);
        keeper.scheduleWithFixedDelay(() -> keep(false), SECONDS_BETWEEN, SECONDS_BETWEEN, TimeUnit.SECONDS);
    }

    private synchronized long revisionKnown() {
        return revision;
    }

    /** @param now it was put in force just now; else some time before this start, and nobody counted meanwhile */
    private synchronized void published(Revision published, boolean now) {
        if (published.number() <= revision) {
            return;
        }
        revision = published.number();
        periods.keySet().removeIf(route -> !isModerns(published.table().routes().get(route)));
        for (RouteInForce route : published.table().routes().values()) {
            if (isModerns(route) && !periods.containsKey(route.id())) {
                if (now) {
                    gates.countAnew(route.id());
                }
                periods.put(
                        route.id(), new Period(published.number(), published.time(), now, WriteGates.Written.NOTHING));
            }
        }
    }

    private static boolean isModerns(@Nullable RouteInForce route) {
        return route != null && route.owner().equals(Optional.of(Side.MODERN));
    }

    @Override
    public synchronized Optional<Taken> of(String route) {
        return Optional.ofNullable(periods.get(route))
                .map(period -> period.and(gates.writtenToModern(route)))
                .map(period -> new Taken(
                        period.written().writes(),
                        period.written().ofNobody(),
                        period.written().users().estimate(),
                        period.exact(),
                        period.sinceRevision(),
                        period.since()));
    }

    private void keep(boolean whole) {
        Kept kept = present(whole);
        if (lastKept.equals(Optional.of(kept))) {
            return;
        }
        try {
            store.write(kept);
            lastKept = Optional.of(kept);
            failing = false;
        } catch (IOException e) {
            // Once: it is tried again every few seconds.
            if (!failing) {
                LOG.warn("could not keep how much modern has taken; after a restart the counts will be short", e);
            }
            failing = true;
        }
    }

    private synchronized Kept present(boolean whole) {
        SortedMap<String, Period> routes = new TreeMap<>();
        periods.forEach((route, period) -> routes.put(route, period.and(gates.writtenToModern(route))));
        return new Kept(whole, revision, routes);
    }

    /** After the data plane has closed: what is counted then is the whole. */
    @Override
    public void close() {
        keeper.shutdown();
        try {
            if (!keeper.awaitTermination(1, TimeUnit.MINUTES)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        keep(true);
    }
}
