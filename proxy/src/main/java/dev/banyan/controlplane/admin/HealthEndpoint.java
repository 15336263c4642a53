package dev.banyan.controlplane.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.controlplane.admin.http.Answers;
import dev.banyan.controlplane.admin.http.Pieces;
import dev.banyan.controlplane.admin.http.ProblemDetails;
import dev.banyan.controlplane.admin.http.Reply;
import dev.banyan.controlplane.admin.views.Standing;
import dev.banyan.json.Json;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Handler;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code /livez}, {@code /readyz} and {@code /metrics}: open to everybody, on both listeners. */
final class HealthEndpoint {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS = "application/openmetrics-text";

    /** Anybody may ask; those over it are sent away, so that they do not pile up. */
    private static final int MOST_SCRAPES = 4;

    private final PrometheusMeterRegistry meters;
    private final Supplier<Optional<String>> unready;
    private final Supplier<Optional<String>> stalled;
    private final Standing standing;
    private final WorkerExecutor workers;
    private final Answers answers;
    private final AtomicInteger scrapes = new AtomicInteger();

    HealthEndpoint(
            PrometheusMeterRegistry meters,
            Supplier<Optional<String>> unready,
            Supplier<Optional<String>> stalled,
            Standing standing,
            WorkerExecutor workers,
            Answers answers) {
        this.meters = meters;
        this.unready = unready;
        this.stalled = stalled;
        this.standing = standing;
        this.workers = workers;
        this.answers = answers;
    }

    /** By operation id. */
    Map<String, Handler<RoutingContext>> operations() {
        return Map.of("getLive", this::live, "getReady", this::ready, "getMetrics", this::metrics);
    }

    /** Not live is what only a restart helps against. */
    private void live(RoutingContext exchange) {
        answers.write(
                exchange,
                stalled.get()
                        .map(what -> Reply.of(ProblemDetails.of(
                                503,
                                "not-live",
                                "Not live",
                                what,
                                "restart it; its log says where the thread stands, and so does jcmd PID Thread.print")))
                        .orElseGet(() -> Reply.ok(Json.object().put("status", "live"))));
    }

    private void ready(RoutingContext exchange) {
        answers.write(
                exchange,
                unready.get()
                        .map(reason -> Reply.of(ProblemDetails.of(503, "not-ready", "Not ready", reason, "")))
                        .orElseGet(() -> Reply.ok(ready(standing.sentences()))));
    }

    /** Traffic may come whatever is held back: the detail is for people. */
    private static ObjectNode ready(List<String> sentences) {
        ObjectNode json = Json.object().put("status", "ready");
        if (!sentences.isEmpty()) {
            json.set("detail", Json.array(sentences));
        }
        return json;
    }

    private void metrics(RoutingContext exchange) {
        if (scrapes.incrementAndGet() > MOST_SCRAPES) {
            scrapes.decrementAndGet();
            answers.refuse(exchange, TOO_MANY_SCRAPES, "Retry-After", "1");
            return;
        }
        // Also of one who does not read what they asked for: a text of some megabytes each.
        exchange.addEndHandler(ended -> scrapes.decrementAndGet());
        @Nullable String accept = exchange.request().getHeader("Accept");
        workers.executeBlocking(() -> scrape(accept), false)
                .onSuccess(text -> answers.write(exchange, text))
                .onFailure(failure -> answers.fail(exchange, "scrape", failure));
    }

    private Reply scrape(@Nullable String accept) throws IOException {
        // The registry writes what it is asked for, but does not say what it chose: so it is left no choice.
        String format = accept != null && accept.contains(OPEN_METRICS)
                ? OPEN_METRICS + "; version=1.0.0; charset=utf-8"
                : TEXT;
        Pieces text = new Pieces();
        meters.scrape(text, format);
        return new Reply(200, format, text.done());
    }

    private static final ProblemDetails TOO_MANY_SCRAPES = ProblemDetails.of(
            503,
            "too-many-scrapes",
            "Too many scrapes at once",
            "As many scrapes as are served at once are under way.",
            "ask again later");
}
