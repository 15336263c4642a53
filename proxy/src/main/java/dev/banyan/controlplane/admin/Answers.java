package dev.banyan.controlplane.admin;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/** Writes answers: the one place that sets the headers which every answer carries. On the event loop. */
final class Answers {
    private final MeterRegistry meters;

    Answers(MeterRegistry meters) {
        this.meters = meters;
    }

    void refuse(RoutingContext exchange, ProblemDetails problem) {
        meters.counter("banyan.admin.refused", "why", problem.type()).increment();
        write(exchange, Reply.of(problem));
    }

    void refuse(RoutingContext exchange, ProblemDetails problem, String header, String value) {
        meters.counter("banyan.admin.refused", "why", problem.type()).increment();
        write(exchange, Reply.of(problem).with(header, value));
    }

    void write(RoutingContext exchange, Reply reply) {
        HttpServerResponse response = exchange.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(reply.status());
        response.putHeader("Content-Type", reply.contentType());
        response.putHeader("Cache-Control", "no-store");
        response.putHeader("X-Content-Type-Options", "nosniff");
        response.putHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        reply.headers().forEach(response::putHeader);
        if (reply.goesOn().isPresent() && !exchange.request().method().equals(HttpMethod.HEAD)) {
            response.setChunked(true);
            response.write(reply.body());
            reply.goesOn().get().accept(response);
        } else {
            response.end(reply.body());
        }
    }
}
