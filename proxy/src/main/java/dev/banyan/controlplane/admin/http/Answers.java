package dev.banyan.controlplane.admin.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes answers: the one place that sets the headers which every answer carries. On the event loop. */
public final class Answers {
    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

    private final MeterRegistry meters;

    public Answers(MeterRegistry meters) {
        this.meters = meters;
    }

    public void refuse(RoutingContext exchange, ProblemDetails problem) {
        count(problem);
        write(exchange, Reply.of(problem));
    }

    public void refuse(RoutingContext exchange, ProblemDetails problem, String header, String value) {
        count(problem);
        write(exchange, Reply.of(problem).with(header, value));
    }

    private void count(ProblemDetails problem) {
        Counter.builder("banyan.admin.refused")
                .description("Requests to the admin endpoint that were refused, by the kind of problem")
                .tag("why", problem.type())
                .register(meters)
                .increment();
    }

    /** What went wrong by a mistake of ours is for the log; who asked is told only that it did. */
    public void fail(RoutingContext exchange, String what, Throwable failure) {
        LOG.error("failed operation={}", what, failure);
        write(exchange, Reply.of(CommonProblems.FAILED));
    }

    public void write(RoutingContext exchange, Reply reply) {
        HttpServerResponse response = exchange.response();
        if (response.ended() || response.closed()) {
            return;
        }
        boolean goesOn =
                reply.goesOn().isPresent() && !exchange.request().method().equals(HttpMethod.HEAD);
        Optional<ProblemDetails> refusal = goesOn ? reply.goesOn().get().apply(response) : Optional.empty();
        if (refusal.isPresent()) {
            write(exchange, Reply.of(refusal.get()));
            return;
        }
        response.setStatusCode(reply.status());
        response.putHeader("Content-Type", reply.contentType());
        response.putHeader("Cache-Control", "no-store");
        response.putHeader("X-Content-Type-Options", "nosniff");
        response.putHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        reply.headers().forEach(response::putHeader);
        if (goesOn) {
            response.setChunked(true);
            reply.body().forEach(response::write);
        } else {
            end(response, reply.body());
        }
    }

    private static void end(HttpServerResponse response, List<Buffer> body) {
        long length = body.stream().mapToLong(Buffer::length).sum();
        response.putHeader("Content-Length", Long.toString(length));
        int last = body.size() - 1;
        body.subList(0, last).forEach(response::write);
        response.end(body.get(last));
    }
}
