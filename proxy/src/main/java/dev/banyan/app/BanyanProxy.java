package dev.banyan.app;

import dev.banyan.contract.Heartbeats;
import dev.banyan.contract.LiveEvents;
import dev.banyan.contract.UpstreamWatcher;
import dev.banyan.controlplane.admin.AdminGroundwork;
import dev.banyan.controlplane.admin.AdminParts;
import dev.banyan.controlplane.admin.AdminServer;
import dev.banyan.controlplane.admin.AdminSettings;
import dev.banyan.controlplane.admin.operations.Owners;
import dev.banyan.controlplane.parity.Parity;
import dev.banyan.controlplane.revisions.FilesSource;
import dev.banyan.controlplane.revisions.Publisher;
import dev.banyan.controlplane.revisions.RevisionStore;
import dev.banyan.controlplane.revisions.SeedFiles;
import dev.banyan.controlplane.revisions.Source;
import dev.banyan.controlplane.revisions.SquadFiles;
import dev.banyan.controlplane.writes.ModernWrites;
import dev.banyan.controlplane.writes.OwnerMoves;
import dev.banyan.dataplane.DataPlane;
import dev.banyan.dataplane.upstream.HostsFile;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.decide.ForcedSide;
import dev.banyan.routing.decide.Router;
import dev.banyan.routing.decide.SigningKeys;
import dev.banyan.routing.file.NotInForce;
import dev.banyan.settings.TableSource;
import dev.banyan.sidetraffic.WebHealthProbe;
import dev.banyan.stores.file.DataDirectoryInUseException;
import dev.banyan.stores.file.FileAuditStore;
import dev.banyan.stores.file.FileNoiseStore;
import dev.banyan.stores.file.FileRevisionStore;
import dev.banyan.stores.file.FileTokenStore;
import dev.banyan.stores.file.FileWrittenStore;
import dev.banyan.stores.file.WatchedDirectory;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One proxy: the data plane, the control plane, and the table that goes from the one to the other. Started in the order in which one
 * needs the other, closed in the reverse.
 */
public final class BanyanProxy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BanyanProxy.class);

    private static final String ADMIN = "its admin API";
    private static final String HEALTH = "its health and metrics";

    private final ProxySettings settings;
    private final Clock clock;
    private final LongSupplier logLinesDropped;
    private final SecureRandom random = new SecureRandom();
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    /** The data plane, and what changes it. */
    private final Deque<Closing> serving = new ConcurrentLinkedDeque<>();
    /** What keeps that which comes of the last requests: closed behind all that serves. */
    private final Deque<Closing> keeping = new ConcurrentLinkedDeque<>();

    private final CompletableFuture<Void> takenOver = new CompletableFuture<>();
    private final SigningKeys keys;
    private final DataPlane dataPlane;
    private final Parity parity = Parity.start(meters);
    private final LiveEvents events = new LiveEvents();
    private final Heartbeats heartbeats = new Heartbeats();

    // The first thing that is begun: it takes as long as all that traffic needs, and asks nothing of it.
    private final CompletableFuture<AdminGroundwork> groundwork =
            CompletableFuture.supplyAsync(() -> AdminGroundwork.begin(
                    Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(4))));

    // Both written once, when the data directory is this process's.
    private volatile @Nullable Publisher revisions;
    private volatile @Nullable AdminServer admin;
    private volatile boolean draining;
    private volatile @Nullable IOException listenFailure;

    /** A part to be closed, last started first. */
    private interface Closing {
        void close() throws IOException;
    }

    private BanyanProxy(ProxySettings settings, Clock clock, LongSupplier logLinesDropped) throws IOException {
        this.settings = settings;
        this.clock = clock;
        this.logLinesDropped = logLinesDropped;
        keeping.push(heartbeats::close);
        keeping.push(parity::close);
        keeping.push(() -> groundwork.join().close());
        Gauge.builder("banyan.threads.stalled", heartbeats, Heartbeats::countStandingStill)
                .description("Event loops and other threads that everything depends on and that do not move")
                .strongReference(true)
                .register(meters);
        FunctionCounter.builder("banyan.log.dropped", this, proxy -> proxy.logLinesDropped.getAsLong())
                .description("Lines of the proxy's own log lost because nobody read it, or its disk was full")
                .register(meters);
        neverForwardTo(settings.admin().admin(), ADMIN);
        neverForwardTo(settings.admin().health(), HEALTH);
        try {
            Optional<RevisionStore> store = openStore();
            this.keys = settings.signingKeys().isPresent()
                    ? settings.signingKeys().get()
                    : SigningKeyFile.read(settings.data(), random);
            this.dataPlane = new DataPlane(settings.dataPlane(), keys, random, clock, meters, startSideTraffic());
            serving.push(dataPlane::close);
            dataPlane.watchedBy(heartbeats);
            if (store.isPresent()) {
                startControlPlane(store.get());
            } else {
                TakeOver waiting = TakeOver.begin(settings.data(), this::putInForce, this::startControlPlane);
                serving.push(waiting::close);
            }
            IOException failure = listenFailure;
            if (failure != null) {
                throw failure;
            }
        } catch (IOException e) {
            close();
            throw DataDirectoryFailure.told(settings.data(), e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Empty: another process has it, and this one was told to take over. */
    private Optional<RevisionStore> openStore() throws IOException {
        try {
            return Optional.of(FileRevisionStore.open(settings.data()));
        } catch (DataDirectoryInUseException e) {
            if (!settings.takeOver()) {
                throw e;
            }
            LOG.info("{}; its table is served until it lets go", e.getMessage());
            return Optional.empty();
        }
    }

    /** Takes ownership of the store. */
    private void startControlPlane(RevisionStore store) throws IOException {
        keeping.push(store::close);
        ModernWrites modernWrites = ModernWrites.open(new FileWrittenStore(settings.data()), dataPlane.writeGates());
        keeping.push(modernWrites::close);
        parity.remember(new FileNoiseStore(settings.data()));
        boolean watched = settings.source() == TableSource.FILES;
        Publisher publisher =
                Publisher.start(store, watched ? Source.FILES : Source.API, modernWrites, this::putInForce, clock);
        keeping.push(publisher::close);
        publisher.watchedBy(heartbeats);
        modernWrites.follow(publisher);
        revisions = publisher;
        SquadFiles routes = new WatchedDirectory(settings.routes());
        if (watched) {
            FilesSource files = FilesSource.start(routes, publisher);
            serving.push(files::close);
        } else {
            SeedFiles.sow(routes, publisher);
        }
        if (listenFailure == null) {
            admin = startAdmin(publisher, modernWrites);
        }
    }

    /**
     * Serves when it returns, if there is a table; else it is not ready, says why, and serves as soon as there is one.
     *
     * @throws IOException a port is taken, or the data directory cannot be used; the message says which and what to do
     */
    public static BanyanProxy start(ProxySettings settings, Clock clock) throws IOException {
        return start(settings, clock, () -> 0);
    }

    /** @param logLinesDropped how many lines of the process's own log were lost so far */
    static BanyanProxy start(ProxySettings settings, Clock clock, LongSupplier logLinesDropped) throws IOException {
        return new BanyanProxy(settings, clock, logLinesDropped);
    }

    /** On the writer thread of the revisions. */
    private void putInForce(RoutingTable table) {
        boolean first = dataPlane.address().isEmpty();
        try {
            parity.inForce(table);
            dataPlane.putInForce(table);
            listenFailure = null;
        } catch (IOException e) {
            LOG.error("{}", e.getMessage());
            listenFailure = e;
        }
        if (first) {
            NotInForce.of(table.base()).forEach(key -> LOG.warn("{}", key));
            warnOfProbesWithoutUser(table);
        }
    }

    private void warnOfProbesWithoutUser(RoutingTable table) {
        if (settings.copyRules().testUser().get().isEmpty()) {
            table.base().routes().forEach((id, route) -> {
                if (route.shadow().probe().basisPoints() > 0) {
                    LOG.warn(
                            "routes.{}.shadow.probe asks nothing: there is no test user; fix: name one by the setting parity.probe-as",
                            id);
                }
            });
        }
    }

    private DataPlane.SideTraffic startSideTraffic() {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
        serving.push(() -> await(vertx.close().toCompletionStage()));
        return new DataPlane.SideTraffic(
                        new WebHealthProbe(
                                vertx,
                                address -> Optional.ofNullable(
                                        settings.dataPlane().addressRules().refusal(address))),
                        this::tell,
                        List.of(),
                        HostsFile.SYSTEM,
                        Optional.of(settings.data().resolve("handover.sock")),
                        () -> takenOver.complete(null))
                .comparedBy(parity, settings.copyRules());
    }

    /** On whatever thread it was noticed. */
    private void tell(UpstreamWatcher.Change change) {
        events.tell(new LiveEvents.Event(
                LiveEvents.Kind.HEALTH,
                clock.instant(),
                Map.of(
                        "upstream", change.upstream(),
                        "subject", change.subject(),
                        "from", change.from(),
                        "to", change.to(),
                        "why", change.why())));
    }

    private AdminServer startAdmin(Publisher publisher, ModernWrites modernWrites) throws IOException {
        OwnerMoves moves = new OwnerMoves(publisher, dataPlane.writeGates(), clock);
        FileAuditStore audit = FileAuditStore.open(settings.data());
        serving.push(audit::close);
        AdminParts parts = new AdminParts(
                publisher,
                table -> new Router(table, keys, random),
                dataPlane.traffic(),
                dataPlane.recentRequests(),
                new Owners(moves, dataPlane.writeGates(), modernWrites),
                dataPlane.upstreams(),
                this::notReady,
                heartbeats::standingStill,
                new ForcedSide(keys),
                meters,
                settings.shown(),
                events,
                clock,
                random,
                new FileTokenStore(settings.data()),
                audit,
                parity);
        AdminServer started = await(AdminServer.start(groundwork.join(), settings.admin(), parts));
        serving.push(() -> await(started.close()));
        // First of all: who waits for requests under way is told that it is over, and the endpoint can close.
        serving.push(moves::close);
        AdminSettings.Address address =
                new AdminSettings.Address(settings.admin().admin().host(), started.adminPort());
        neverForwardTo(address, ADMIN);
        neverForwardTo(new AdminSettings.Address(settings.admin().health().host(), started.healthPort()), HEALTH);
        tellCommands(settings.admin().scheme() + address + "\n");
        return started;
    }

    /** Where commands with --data find it. In place, not by a file beside it: on a full disk there is room for that only. */
    private void tellCommands(String url) {
        Path file = settings.data().resolve("admin.url");
        try {
            if (!Files.exists(file) || !Files.readString(file).equals(url)) {
                Files.writeString(file, url);
            }
        } catch (IOException e) {
            LOG.warn(
                    "could not write where the admin API is; commands need --admin: file={} cause={}",
                    file,
                    e.toString());
        }
    }

    /**
     * No upstream may lead to it, whatever a table says: a client would be let past the admin API's own checks. Known before the first
     * request comes, and also while another process, which this one takes over, still has the port. Port 0 is any, and known later.
     */
    private void neverForwardTo(AdminSettings.Address listener, String what) {
        if (listener.port() != 0) {
            settings.dataPlane().addressRules().own(new InetSocketAddress(listener.host(), listener.port()), what);
        }
    }

    /** Why no traffic should come; empty: ready. */
    private Optional<String> notReady() {
        if (draining) {
            return Optional.of("draining");
        }
        IOException failure = listenFailure;
        if (failure != null) {
            return Optional.ofNullable(failure.getMessage());
        }
        Publisher publisher = revisions;
        return publisher == null ? Optional.empty() : publisher.notReady();
    }

    /** Where clients connect; empty while there is no table. */
    public Optional<InetSocketAddress> address() {
        return dataPlane.address();
    }

    /** Where they connect with TLS; empty: nowhere, or no table yet. */
    public Optional<InetSocketAddress> tlsAddress() {
        return dataPlane.tlsAddress();
    }

    /** Whether it has the data directory: else it serves the table of the process that has, and nothing can be changed by it. */
    public boolean hasTakenOver() {
        return admin != null;
    }

    /** 0 until it has the data directory. */
    public int adminPort() {
        AdminServer started = admin;
        return started == null ? 0 : started.adminPort();
    }

    /** 0 until it has the data directory. */
    public int healthPort() {
        AdminServer started = admin;
        return started == null ? 0 : started.healthPort();
    }

    /** Looks at the files of certificates and CAs, and of the test user, now, and not only the next time. */
    void readFilesAnew() {
        dataPlane.readCertificatesAnew();
        settings.readAgain().run();
    }

    /** Completes when another process serves from this one's listeners: then it is time to drain. */
    public CompletionStage<Void> takenOver() {
        return takenOver;
    }

    /**
     * As {@link #drain(Duration)}, after {@code delay} in which it serves on, but is not ready any more: whoever sends traffic here needs
     * a moment to notice.
     */
    public boolean drain(Duration delay, Duration limit) {
        draining = true;
        LOG.info("draining delay={} limit={}", delay, limit);
        try {
            TimeUnit.NANOSECONDS.sleep(delay.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return drain(limit);
    }

    /** Fails readiness, accepts no more, and lets what is under way finish; true if nothing had to be cut. */
    public boolean drain(Duration limit) {
        draining = true;
        boolean done = dataPlane.drain(limit);
        if (!done) {
            LOG.warn("the limit of the drain is over, cuts what is left connections={}", dataPlane.clientConnections());
        }
        return done;
    }

    /** Cuts what is left. */
    @Override
    public void close() throws IOException {
        @Nullable IOException first = null;
        for (Deque<Closing> parts : List.of(serving, keeping)) {
            for (Closing part = parts.poll(); part != null; part = parts.poll()) {
                try {
                    part.close();
                } catch (IOException e) {
                    LOG.warn("could not close a part cleanly: {}", e.toString());
                    first = first == null ? e : first;
                }
            }
        }
        meters.close();
        if (first != null) {
            throw first;
        }
    }

    private static <T> T await(CompletionStage<T> stage) throws IOException {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw cause instanceof IOException told ? told : new IOException(cause.getMessage(), cause);
        }
    }
}
