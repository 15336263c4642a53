package dev.banyan.services.kit;

import dev.banyan.services.kit.answers.JsonAnswer;
import dev.banyan.services.kit.demo.Bugs;
import dev.banyan.services.kit.demo.HandedWrites;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.BindException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * A service that listens.
 *
 * <p>It has one event loop: more than enough for what these services do, and their data needs no locks.
 */
public final class RunningService implements AutoCloseable {

    private static final Duration IN_FLIGHT_AT_MOST = Duration.ofSeconds(20);
    private static final int IDLE_SECONDS = 75;
    private static final int MAX_REQUEST_LINE_BYTES = 8 * 1024;
    private static final int MAX_HEADER_BYTES = 32 * 1024;

    private final Vertx vertx;
    private final HttpServer server;
    private final Service service;
    private final Operations operations;
    private final Duration drainDelay;

    private RunningService(
            Vertx vertx, HttpServer server, Service service, Operations operations, Duration drainDelay) {
        this.vertx = vertx;
        this.server = server;
        this.service = service;
        this.operations = operations;
        this.drainDelay = drainDelay;
    }

    /** Opens the data, then the port; blocks until both are there. */
    public static RunningService start(Service.Definition definition, ServiceSettings settings) throws IOException {
        Service service = definition.opener().open(settings.dataDirectory());
        Operations operations = new Operations(definition.name());
        Vertx vertx = Vertx.vertx(options());
        Router router = Router.router(vertx);
        operations.mount(router);
        Bugs bugs = settings.demoBugs() ? new Bugs(service.bugs()) : Bugs.NONE;
        if (settings.demoWrites()) {
            new HandedWrites(bugs, service.taker()).mount(router);
        }
        bugs.mount(router);
        service.mount(router);
        JsonAnswer.mountErrors(router);
        try {
            HttpServer server = await(vertx.createHttpServer(serverOptions(settings))
                    .requestHandler(router)
                    .listen());
            return new RunningService(vertx, server, service, operations, settings.drainDelay());
        } catch (CompletionException e) {
            await(vertx.close());
            service.close();
            if (e.getCause() instanceof BindException) {
                throw new PortTakenException(settings.host().getHostAddress(), settings.port(), e);
            }
            throw e;
        }
    }

    public int port() {
        return server.actualPort();
    }

    /** Says at /health that it stops, waits, refuses new connections, lets what is in flight finish. */
    @Override
    public void close() throws IOException {
        operations.drain();
        if (!drainDelay.isZero()) {
            await(vertx.timer(drainDelay.toMillis(), TimeUnit.MILLISECONDS));
        }
        await(server.shutdown(IN_FLIGHT_AT_MOST.toMillis(), TimeUnit.MILLISECONDS));
        service.close();
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    private static VertxOptions options() {
        return new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                // Nothing is served from files.
                .setFileSystemOptions(new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false));
    }

    private static HttpServerOptions serverOptions(ServiceSettings settings) {
        return new HttpServerOptions()
                .setHost(settings.host().getHostAddress())
                .setPort(settings.port())
                // Longer than a proxy keeps a pooled connection, so that the proxy is the one who closes.
                .setIdleTimeout(IDLE_SECONDS)
                .setMaxInitialLineLength(MAX_REQUEST_LINE_BYTES)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setHandle100ContinueAutomatically(true)
                .setCompressionSupported(false)
                .setDecompressionSupported(false);
    }
}
