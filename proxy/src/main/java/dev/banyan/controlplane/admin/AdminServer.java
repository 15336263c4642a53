package dev.banyan.controlplane.admin;

import dev.banyan.controlplane.admin.access.AllowedHosts;
import dev.banyan.controlplane.admin.access.FailedAuthentications;
import dev.banyan.controlplane.admin.access.Gate;
import dev.banyan.controlplane.admin.access.GuessLimit;
import dev.banyan.controlplane.admin.audit.AuditLog;
import dev.banyan.controlplane.admin.audit.BackgroundAudit;
import dev.banyan.controlplane.admin.events.EventLog;
import dev.banyan.controlplane.admin.events.EventStreams;
import dev.banyan.controlplane.admin.http.Answers;
import dev.banyan.controlplane.admin.http.Contract;
import dev.banyan.controlplane.admin.http.Pages;
import dev.banyan.controlplane.admin.http.Paths;
import dev.banyan.controlplane.admin.tokens.Tokens;
import dev.banyan.controlplane.admin.views.Standing;
import dev.banyan.net.ListenFailure;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The admin endpoint and the health endpoint: two listeners over the same meters and the same readiness. */
public final class AdminServer {
    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);

    /** For calls under way. What a change came to is in the store, and its line in the audit log is made up for at the next start. */
    private static final Duration FINISHING = Duration.ofSeconds(2);

    private final HttpServer admin;
    private final HttpServer health;
    private final WorkerExecutor readers;
    private final WorkerExecutor writers;
    private final BackgroundAudit background;
    private final EventStreams events;

    /** So that a test can walk it. */
    final Router router;

    private AdminServer(
            HttpServer admin,
            HttpServer health,
            WorkerExecutor readers,
            WorkerExecutor writers,
            BackgroundAudit background,
            EventStreams events,
            Router router) {
        this.admin = admin;
        this.health = health;
        this.readers = readers;
        this.writers = writers;
        this.background = background;
        this.events = events;
        this.router = router;
    }

    /**
     * Listens once the stage completes. It fails, and nothing listens, if an address is taken or not allowed, or a store cannot be
     * read or written.
     *
     * @param groundwork stays open when this is closed, and so do the stores of {@code parts}
     */
    public static CompletionStage<AdminServer> start(
            AdminGroundwork groundwork, AdminSettings settings, AdminParts parts) {
        Vertx vertx = groundwork.vertx();
        return groundwork
                .contract()
                .compose(contract -> vertx.executeBlocking(() -> Prepared.of(settings, parts, contract), false))
                .compose(prepared -> new Starting(vertx, settings, parts, prepared).listen())
                .toCompletionStage();
    }

    public int adminPort() {
        return admin.actualPort();
    }

    public int healthPort() {
        return health.actualPort();
    }

    /** Requests under way are finished first: a change that was made must be audited. Health goes last, for the probes. */
    public CompletionStage<Void> close() {
        events.close();
        return admin.shutdown(FINISHING)
                .eventually(() -> readers.executeBlocking(this::endAudit, false))
                .eventually(health::close)
                .eventually(readers::close)
                .eventually(writers::close)
                .toCompletionStage();
    }

    private @Nullable Void endAudit() {
        background.stop();
        return null;
    }

    /** What must be read from disk and network before anything listens. */
    private record Prepared(
            Contract contract,
            InetAddress adminAddress,
            Tokens tokens,
            AuditLog audit,
            FailedAuthentications failures,
            BackgroundAudit background) {

        static Prepared of(AdminSettings settings, AdminParts parts, Contract contract) throws IOException {
            InetAddress address = InetAddress.getByName(settings.admin().host());
            refuseIfItExposesTokens(settings);
            if (!address.isLoopbackAddress() && settings.certificate().isEmpty()) {
                LOG.warn(
                        "the admin endpoint listens in plain text on an address that others can reach address={}",
                        settings.admin());
            }
            Tokens tokens = Tokens.open(parts.tokens(), parts.clock(), parts.random());
            AuditLog audit = new AuditLog(parts.audit());
            FailedAuthentications failures = new FailedAuthentications();
            return new Prepared(
                    contract,
                    address,
                    tokens,
                    audit,
                    failures,
                    BackgroundAudit.start(audit, parts.revisions(), failures, parts.clock()));
        }

        private static void refuseIfItExposesTokens(AdminSettings settings) throws IOException {
            if (settings.exposesTokens()) {
                throw new IllegalArgumentException("admin-listen: " + settings.admin()
                        + " is not a loopback address, and tokens would cross the network in plain text; fix: give it a"
                        + " certificate with --admin-certificate and --admin-certificate-key, listen on 127.0.0.1, or say"
                        + " --admin-insecure");
            }
        }

        /** As it stands in a Host field. */
        String literal() {
            String text = adminAddress.getHostAddress();
            return text.indexOf(':') >= 0 ? "[" + text + "]" : text;
        }
    }

    /** Joins the parts and opens both listeners. */
    private record Starting(Vertx vertx, AdminSettings settings, AdminParts parts, Prepared prepared) {

        Future<AdminServer> listen() {
            // Named by the file they serve, so that two servers on one Vert.x do not share them.
            String name = "admin-" + Integer.toHexString(System.identityHashCode(prepared));
            WorkerExecutor readers = vertx.createSharedWorkerExecutor(name + "-read", 2);
            WorkerExecutor writers = vertx.createSharedWorkerExecutor(name + "-write", 4);
            Answers answers = new Answers(parts.meters());
            Standing standing = new Standing(parts.revisions(), prepared.audit());
            standing.meter(parts.meters());
            HealthEndpoint healthEndpoint =
                    new HealthEndpoint(parts.meters(), parts.unready(), parts.stalled(), standing, readers, answers);
            EventStreams events = events();
            Router router = adminRouter(healthEndpoint, readers, writers, answers, events);
            Optional<CertificateFiles> certificate = settings.certificate().map(CertificateFiles::new);
            HttpServerOptions options = options();
            certificate.ifPresent(files ->
                    options.setSsl(true).setKeyCertOptions(files.options()).setUseAlpn(false));
            HttpServer admin = server(options, router);
            certificate.ifPresent(files -> files.watch(vertx, admin));
            HttpServer health = server(options(), healthRouter(healthEndpoint, answers));
            AdminServer server =
                    new AdminServer(admin, health, readers, writers, prepared.background(), events, router);
            return health.listen(settings.health().port(), settings.health().host())
                    .recover(failure -> Future.failedFuture(
                            ListenFailure.of(settings.health().toString(), failure)))
                    .compose(listening -> admin.listen(
                                    settings.admin().port(),
                                    prepared.adminAddress().getHostAddress())
                            .recover(failure -> Future.failedFuture(
                                    ListenFailure.of(settings.admin().toString(), failure))))
                    .map(server)
                    .recover(failure -> Future.fromCompletionStage(server.close())
                            .transform(closed -> Future.failedFuture(failure)));
        }

        /** From now on everything that happens is kept for those who will watch. */
        private EventStreams events() {
            EventLog log = new EventLog(
                    parts.revisions(), "%08x".formatted(parts.random().nextInt()));
            EventStreams streams =
                    new EventStreams(vertx, log, prepared.tokens()::isStillValid, EventStreams.HEARTBEAT);
            parts.revisions().onPublished(revision -> {
                log.published(revision);
                streams.wake();
            });
            parts.events().watch(event -> {
                log.happened(event);
                streams.wake();
            });
            return streams;
        }

        private Router adminRouter(
                HealthEndpoint health,
                WorkerExecutor readers,
                WorkerExecutor writers,
                Answers answers,
                EventStreams events) {
            Contract contract = prepared.contract();
            AllowedHosts hosts = new AllowedHosts(
                    prepared.literal(),
                    settings.allowedHosts(),
                    settings.certificate().isPresent() ? 443 : 80);
            Gate gate = new Gate(
                    hosts,
                    prepared.tokens(),
                    new GuessLimit(parts.clock()),
                    prepared.failures(),
                    contract.openPaths(),
                    answers);
            Dispatcher dispatcher =
                    new Dispatcher(contract, readers, writers, prepared.audit(), answers, parts.clock());
            Map<String, Handler<RoutingContext>> doing = new HashMap<>(health.operations());
            doing.putAll(new Pages(answers).operations());
            new AdminApi(contract, parts, prepared.tokens(), prepared.audit(), events)
                    .operations()
                    .forEach(operation -> doing.put(operation.id(), dispatcher.doing(operation)));
            return AdminRouter.of(vertx, contract, gate, doing, answers);
        }

        private Router healthRouter(HealthEndpoint health, Answers answers) {
            Router router = Router.router(vertx);
            Paths paths = new Paths(router, answers);
            health.operations()
                    .forEach((id, handler) -> paths.on(
                            HttpMethod.GET, prepared.contract().operation(id).path(), handler));
            paths.close();
            return router;
        }

        private HttpServer server(HttpServerOptions options, Router router) {
            return vertx.createHttpServer(options).requestHandler(request -> route(router, request));
        }

        /** Only origin-form: a proxy's absolute-form would bring a second host that nobody checks. */
        private static void route(Router router, HttpServerRequest request) {
            if (request.uri().startsWith("/")) {
                router.handle(request);
            } else {
                request.response().setStatusCode(400).end();
            }
        }

        private static HttpServerOptions options() {
            return new HttpServerOptions()
                    .setHttp2ClearTextEnabled(false)
                    .setHandle100ContinueAutomatically(true)
                    .setDecompressionSupported(false)
                    .setMaxHeaderSize(16 * 1024)
                    .setIdleTimeout(60)
                    .setIdleTimeoutUnit(TimeUnit.SECONDS);
        }
    }
}
