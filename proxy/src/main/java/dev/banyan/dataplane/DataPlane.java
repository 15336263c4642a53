package dev.banyan.dataplane;

import dev.banyan.contract.HealthProbe;
import dev.banyan.contract.Heartbeats;
import dev.banyan.contract.LiveUpstreams;
import dev.banyan.contract.RecentRequests;
import dev.banyan.contract.RecordReader;
import dev.banyan.contract.ShadowReader;
import dev.banyan.contract.TrafficCounts;
import dev.banyan.contract.UpstreamWatcher;
import dev.banyan.contract.WriteGates;
import dev.banyan.dataplane.exchange.Witnesses;
import dev.banyan.dataplane.guard.RouteGates;
import dev.banyan.dataplane.guard.WriteGate;
import dev.banyan.dataplane.listener.Listener;
import dev.banyan.dataplane.listener.ListenerSettings;
import dev.banyan.dataplane.listener.ListeningSockets;
import dev.banyan.dataplane.loop.Loop;
import dev.banyan.dataplane.mirror.Bounds;
import dev.banyan.dataplane.mirror.CopyRules;
import dev.banyan.dataplane.mirror.Mirror;
import dev.banyan.dataplane.observe.AccessLog;
import dev.banyan.dataplane.observe.Meters;
import dev.banyan.dataplane.observe.RouteMeters;
import dev.banyan.dataplane.observe.UpstreamLog;
import dev.banyan.dataplane.tls.FileWatch;
import dev.banyan.dataplane.tls.ServerCertificates;
import dev.banyan.dataplane.tls.TlsSettings;
import dev.banyan.dataplane.upstream.AddressRules;
import dev.banyan.dataplane.upstream.Connector;
import dev.banyan.dataplane.upstream.Handles;
import dev.banyan.dataplane.upstream.HostsFile;
import dev.banyan.dataplane.upstream.Upkeep;
import dev.banyan.dataplane.upstream.UpstreamHandle;
import dev.banyan.dataplane.wire.ClientTimeouts;
import dev.banyan.net.Networks;
import dev.banyan.routing.Route;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Upstream;
import dev.banyan.routing.decide.Router;
import dev.banyan.routing.decide.SigningKeys;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The data plane as one thing to give tables to, drain and close. It opens its listener with the first table: until then there is
 * nothing to send a request to.
 */
public final class DataPlane implements AutoCloseable {
    private static final long DRAIN_LOOK_NANOS = 10_000_000;

    /** WebSockets that are left say good-bye on their loops, which must not stop before; longer than that takes. */
    private static final Duration FAREWELL = Duration.ofSeconds(1);

    /** Nothing that a loop does takes so long. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final long BEAT_MILLIS = 500;

    private final Settings settings;
    private final Transport transport = Transport.best();
    private final EventLoopGroup acceptor;
    private final EventLoopGroup eventLoops;
    private final FileWatch fileWatch;
    private final NameLookup lookup;
    private final Upkeep upkeep;
    private final Meters meters;
    private final RouteGates writeGates;
    private final Function<Route, Optional<Witnesses>> witnesses;
    private final Mirror mirror;
    private final Optional<AccessLog> accessLog;
    private final Listener listener;

    // Read by every loop for each request, written a few times a day: volatile, so that readers take no lock.
    private volatile BoundTable inForce;

    /**
     * What it needs to know.
     *
     * @param addressRules where upstreams may not be; the listeners of this data plane are added to it
     * @param eventLoops 0: one a core
     * @param accessLog where its lines go; closed with it
     */
    public record Settings(
            ListenerSettings listen,
            AddressRules addressRules,
            int eventLoops,
            boolean debugHeaders,
            ClientTimeouts timeouts,
            Optional<WritableByteChannel> accessLog) {

        /** Nobody in front, and the usual rules for upstreams' addresses. */
        public Settings(
                InetSocketAddress listen,
                int eventLoops,
                boolean debugHeaders,
                ClientTimeouts timeouts,
                Optional<WritableByteChannel> accessLog) {
            this(
                    ListenerSettings.on(listen),
                    new AddressRules(Networks.NONE),
                    eventLoops,
                    debugHeaders,
                    timeouts,
                    accessLog);
        }
    }

    /**
     * What it asks and tells beside the requests; none of it may wait.
     *
     * @param readers who reads what happened
     * @param witnesses who sees the exchanges of a route; empty: nobody
     * @param shadows who compares what the two sides answer
     * @param copyRules what is copied, and asked once more
     * @param nameServers who is asked for upstreams' names; empty: those of the system
     * @param hosts the file of names that no server is asked for
     * @param handover the Unix socket by which listeners are passed on to the process that takes over
     * @param takenOver told when one has
     */
    public record SideTraffic(
            HealthProbe probe,
            UpstreamWatcher watcher,
            List<RecordReader> readers,
            Function<Route, Optional<Witnesses>> witnesses,
            ShadowReader shadows,
            CopyRules copyRules,
            List<InetSocketAddress> nameServers,
            Path hosts,
            Optional<Path> handover,
            Runnable takenOver) {
        /** Read and seen by nobody. */
        public SideTraffic(
                HealthProbe probe,
                UpstreamWatcher watcher,
                List<InetSocketAddress> nameServers,
                Path hosts,
                Optional<Path> handover,
                Runnable takenOver) {
            this(
                    probe,
                    watcher,
                    List.of(),
                    route -> Optional.empty(),
                    ShadowReader.NOBODY,
                    CopyRules.USUAL,
                    nameServers,
                    hosts,
                    handover,
                    takenOver);
        }

        /** Nor are its listeners passed on. */
        public SideTraffic(HealthProbe probe, UpstreamWatcher watcher, List<InetSocketAddress> nameServers) {
            this(probe, watcher, nameServers, HostsFile.SYSTEM, Optional.empty(), () -> {});
        }

        /** The same, read and seen by others. */
        public SideTraffic seenBy(List<RecordReader> reading, Function<Route, Optional<Witnesses>> seeing) {
            return new SideTraffic(
                    probe, watcher, reading, seeing, shadows, copyRules, nameServers, hosts, handover, takenOver);
        }

        /** The same, with somebody who compares. */
        public SideTraffic comparedBy(ShadowReader comparing) {
            return comparedBy(comparing, copyRules);
        }

        /** The same, with somebody who compares, and with other rules of what is copied. */
        public SideTraffic comparedBy(ShadowReader comparing, CopyRules rules) {
            return new SideTraffic(
                    probe, watcher, readers, witnesses, comparing, rules, nameServers, hosts, handover, takenOver);
        }

        /** Every endpoint counts as well, and nobody watches. */
        public static final SideTraffic NONE = new SideTraffic(
                (upstream, endpoint, addresses, verification, path, timeout, result) -> result.accept(Optional.empty()),
                UpstreamWatcher.NOBODY,
                List.of());
    }

    /**
     * Has no table yet, and so listens nowhere.
     *
     * @throws IOException a certificate cannot be used
     */
    public DataPlane(
            Settings settings,
            SigningKeys keys,
            RandomGenerator random,
            InstantSource clock,
            MeterRegistry registry,
            SideTraffic sideTraffic)
            throws IOException {
        this.settings = settings;
        this.acceptor =
                new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("banyan-acceptor"), transport.handlers());
        this.eventLoops = new MultiThreadIoEventLoopGroup(
                settings.eventLoops() == 0 ? Runtime.getRuntime().availableProcessors() : settings.eventLoops(),
                new DefaultThreadFactory("banyan-loop"),
                transport.handlers());
        Map<Object, Loop> loops = new HashMap<>();
        for (EventExecutor executor : eventLoops) {
            EventLoop eventLoop = (EventLoop) executor;
            loops.put(eventLoop, new Loop(loops.size(), eventLoop, clock));
        }
        this.fileWatch = new FileWatch(
                settings.listen().tls().map(TlsSettings::reloadEvery).orElse(TlsSettings.DEFAULT_RELOAD_EVERY));
        this.lookup = new NameLookup(transport, sideTraffic.nameServers(), sideTraffic.hosts());
        this.upkeep = new Upkeep(
                new Connector(transport.clientSockets(), lookup.names(), settings.addressRules(), fileWatch),
                sideTraffic.probe(),
                new UpstreamLog(sideTraffic.watcher()),
                eventLoops.next());
        this.meters = new Meters(registry, loops.size(), clock, sideTraffic.readers());
        this.writeGates = new RouteGates();
        this.accessLog = settings.accessLog()
                .map(out -> new AccessLog(
                        loops.size(),
                        out,
                        clock,
                        meters.counter(
                                "banyan.access.log.dropped", "Access-log lines lost because the log was too slow")));
        this.witnesses = sideTraffic.witnesses();
        this.mirror = new Mirror(sideTraffic.shadows(), sideTraffic.copyRules(), Bounds.USUAL, registry);
        this.inForce = new BoundTable(
                new Router(RoutingTable.NONE, keys, random),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                settings.debugHeaders());
        RequestPath path = new RequestPath(() -> inForce, meters.observer(accessLog), meters.attempts());
        try {
            Optional<ServerCertificates> certificates = settings.listen().tls().isPresent()
                    ? Optional.of(
                            new ServerCertificates(settings.listen().tls().get(), Listener.PROTOCOLS, fileWatch, clock))
                    : Optional.empty();
            this.listener = new Listener(
                    settings.listen(),
                    certificates,
                    acceptor,
                    eventLoops,
                    loops,
                    new ListeningSockets(
                            transport.serverSockets(), acceptor, sideTraffic.handover(), sideTraffic.takenOver()),
                    settings.timeouts(),
                    path::accept,
                    path::refuse,
                    refusal -> meters.refusedConnection(refusal.word()).increment(),
                    meters::misused);
            certificates.ifPresent(served -> served.each(
                    (file, notAfter) -> meters.certificate(file, () -> secondsUntil(notAfter.get(), clock))));
            meters.clientConnections(listener::openConnections);
        } catch (IOException e) {
            stopLoops();
            throw e;
        }
    }

    private static double secondsUntil(Instant end, InstantSource clock) {
        return Duration.between(clock.instant(), end).toSeconds();
    }

    /** Where clients connect with TLS; empty: nowhere, or no table yet. */
    public Optional<InetSocketAddress> tlsAddress() {
        return listener.tlsAddress();
    }

    /** The address in use; the port is a real one also where 0 was asked for. Empty: there is no table yet. */
    public Optional<InetSocketAddress> address() {
        return listener.address();
    }

    /**
     * Puts a table in force for every request from now on. Requests under way go on with the one they began with; upstreams whose
     * settings are the same keep their connections. The first table opens the listener.
     *
     * @throws IOException no table was served yet, and the port cannot be had; the next table tries again
     */
    public synchronized void putInForce(RoutingTable next) throws IOException {
        BoundTable before = inForce;
        BoundTable bound = bind(next, before);
        inForce = bound;
        meters.inForce(next);
        Handles.retire(before.upstreams(), bound.upstreams());
        Handles.retire(before.copies(), bound.copies());
        if (listener.open()) {
            own(listener.address());
            own(listener.tlsAddress());
        }
    }

    private void own(Optional<InetSocketAddress> address) {
        address.ifPresent(ours -> settings.addressRules().own(ours, "its listener for clients"));
    }

    /** @param before what stays the same in it goes on as it is */
    private BoundTable bind(RoutingTable table, BoundTable before) {
        Map<String, UpstreamHandle> upstreams =
                Handles.next(before.upstreams(), table.base().upstreams().values(), this::opened);
        Map<String, UpstreamHandle> copies = Handles.next(
                before.copies(),
                Mirror.wanted(table),
                (upstream, known) -> new UpstreamHandle(upstream, upkeep, known));
        Map<String, RouteMeters> routeMeters = new HashMap<>();
        table.routes().forEach((id, route) -> {
            RouteMeters known = before.metersOf(route.route());
            routeMeters.put(id, known == null ? meters.route(route.route(), table.revision()) : known);
        });
        routeMeters.put(
                RoutingTable.DEFAULT_ROUTE, meters.ofDefault(table.base().defaultUpstream()));
        Map<String, WriteGate> gates = new HashMap<>();
        table.routes()
                .forEach((id, route) -> route.owner().ifPresent(owner -> {
                    WriteGate known = before.writeGateOf(id);
                    WriteGate gate = known == null ? writeGates.of(id) : known;
                    if (known == null) {
                        meters.writeGate(id, gate);
                    }
                    gates.put(id, gate);
                }));
        Router router = before.routerOf(table);
        Map<String, Witnesses> watched = new HashMap<>(mirror.of(table, router, upstreams, copies));
        table.routes()
                .forEach((id, route) -> witnesses.apply(route.route()).ifPresent(chosen -> watched.put(id, chosen)));
        return new BoundTable(router, upstreams, copies, routeMeters, gates, watched, settings.debugHeaders());
    }

    private UpstreamHandle opened(Upstream upstream, @Nullable UpstreamHandle before) {
        UpstreamHandle handle = new UpstreamHandle(upstream, upkeep, before);
        meters.upstream(upstream.id(), handle::standing);
        return handle;
    }

    /** Looks at the files of certificates and CAs now. Returns at once. */
    public void readCertificatesAnew() {
        fileWatch.lookNow();
    }

    /** Lets it be noticed when an event loop, or the thread that accepts, stands still. */
    public void watchedBy(Heartbeats heartbeats) {
        int number = 0;
        for (EventExecutor loop : eventLoops) {
            beat(loop, heartbeats.of("event loop " + number++, PATIENCE));
        }
        for (EventExecutor accepting : acceptor) {
            beat(accepting, heartbeats.of("the thread that accepts connections", PATIENCE));
        }
    }

    private static void beat(EventExecutor executor, Runnable heart) {
        executor.scheduleAtFixedRate(heart, 0, BEAT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** How the upstreams are, for who shows it. */
    public LiveUpstreams upstreams() {
        return id -> Optional.ofNullable(inForce.upstreams().get(id)).map(UpstreamHandle::standing);
    }

    /** Live numbers of the routes, for who shows them. */
    public TrafficCounts traffic() {
        return meters.traffic();
    }

    /** Whose requests the routes got, for who plans a change. */
    public RecentRequests recentRequests() {
        return meters.recentRequests();
    }

    /** The gates before the owners of the routes' data, for who moves an owner. */
    public WriteGates writeGates() {
        return writeGates;
    }

    /** How many connections clients have here. */
    public int clientConnections() {
        return listener.openConnections();
    }

    /** Accepts no more and lets what is under way finish; true if nothing was left at the end of {@code limit}. */
    public boolean drain(Duration limit) {
        listener.drain();
        return awaitNoConnections(limit);
    }

    private boolean awaitNoConnections(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (listener.openConnections() > 0 && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(DRAIN_LOOK_NANOS);
        }
        return listener.openConnections() == 0;
    }

    @Override
    public void close() throws IOException {
        listener.drain();
        listener.cutAll();
        awaitNoConnections(FAREWELL);
        stopLoops();
        meters.close();
        if (accessLog.isPresent()) {
            accessLog.get().close();
        }
    }

    private void stopLoops() {
        fileWatch.close();
        lookup.close();
        var accepting = acceptor.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        eventLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        accepting.awaitUninterruptibly();
    }
}
