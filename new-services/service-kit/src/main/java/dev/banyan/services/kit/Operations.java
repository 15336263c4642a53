package dev.banyan.services.kit;

import dev.banyan.services.kit.answers.JsonAnswer;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What whoever runs the service wants to know: health, metrics, a line for each request, the trace it belongs to. */
final class Operations {

    private static final Logger LOG = LoggerFactory.getLogger("dev.banyan.services.requests");
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final SecureRandom random = new SecureRandom();
    private final String service;

    // Written once, by whoever stops the service; read on the event loop.
    private volatile boolean draining;

    Operations(String service) {
        this.service = service;
        new JvmMemoryMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
    }

    void drain() {
        draining = true;
    }

    void mount(Router router) {
        router.route().handler(this::observe);
        router.get("/health").handler(this::health);
        router.get("/metrics").handler(this::metrics);
    }

    private void observe(RoutingContext context) {
        long startedNanos = System.nanoTime();
        TraceContext trace = TraceContext.of(context.request().getHeader(TraceContext.HEADER), random);
        context.response().putHeader(TraceContext.HEADER, trace.header());
        if (draining) {
            context.response().putHeader("Connection", "close");
        }
        context.addEndHandler(
                ended -> record(context, trace, Duration.ofNanos(System.nanoTime() - startedNanos), ended.succeeded()));
        context.next();
    }

    private void record(RoutingContext context, TraceContext trace, Duration took, boolean complete) {
        String method = context.request().method().name();
        int status = context.response().getStatusCode();
        Timer.builder("http.server.requests")
                .tags("service", service, "method", METHODS.contains(method) ? method : "OTHER")
                .tags("route", routeOf(context), "status", String.valueOf(status))
                .publishPercentileHistogram()
                .register(registry)
                .record(took);
        LOG.debug(
                "answered method={} path={} status={} micros={} complete={} trace={} span={}",
                method,
                context.request().path(),
                status,
                took.toNanos() / 1000,
                complete,
                trace.traceId(),
                trace.spanId());
    }

    /** The pattern and never the path: paths are without number, and each would be a time series. */
    private static String routeOf(RoutingContext context) {
        Route route = context.currentRoute();
        String pattern = route == null ? null : route.getPath();
        return pattern == null ? "none" : pattern;
    }

    private void health(RoutingContext context) {
        JsonAnswer.sendPlain(
                context, draining ? 503 : 200, Map.of("status", draining ? "stopping" : "up", "service", service));
    }

    private void metrics(RoutingContext context) {
        context.response().putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        if (context.request().method().equals(HttpMethod.HEAD)) {
            context.end();
        } else {
            context.end(registry.scrape());
        }
    }
}
