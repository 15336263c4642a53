package dev.banyan.controlplane.admin.access;

import dev.banyan.controlplane.admin.http.Answers;
import dev.banyan.controlplane.admin.http.Caller;
import dev.banyan.controlplane.admin.http.ProblemDetails;
import dev.banyan.controlplane.admin.tokens.Token;
import dev.banyan.controlplane.admin.tokens.Tokens;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who gets in. Stands before all routing, so that no operation can be forgotten: Host and Origin first, then the token. Paths that do
 * not exist are refused like those that do.
 */
public final class Gate implements Handler<RoutingContext> {
    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
    private static final String SCHEME = "bearer ";

    private final AllowedHosts hosts;
    private final Tokens tokens;
    private final GuessLimit guesses;
    private final FailedAuthentications failures;
    private final Predicate<String> open;
    private final Answers answers;

    public Gate(
            AllowedHosts hosts,
            Tokens tokens,
            GuessLimit guesses,
            FailedAuthentications failures,
            Predicate<String> open,
            Answers answers) {
        this.hosts = hosts;
        this.tokens = tokens;
        this.guesses = guesses;
        this.failures = failures;
        this.open = open;
        this.answers = answers;
    }

    @Override
    public void handle(RoutingContext exchange) {
        HttpServerRequest request = exchange.request();
        if (!ofAllowedHost(request)) {
            answers.refuse(exchange, FORBIDDEN_HOST);
        } else if (!ofAllowedOrigin(request)) {
            answers.refuse(exchange, FORBIDDEN_ORIGIN);
        } else if (open.test(request.path())) {
            exchange.next();
        } else {
            authenticate(exchange);
        }
    }

    private boolean ofAllowedHost(HttpServerRequest request) {
        List<String> fields = request.headers().getAll("Host");
        return fields.size() == 1 && hosts.allowsHost(fields.get(0), ourPort(request));
    }

    private boolean ofAllowedOrigin(HttpServerRequest request) {
        return request.headers().getAll("Origin").stream()
                .allMatch(origin -> hosts.allowsOrigin(origin, ourPort(request)));
    }

    private static int ourPort(HttpServerRequest request) {
        return request.localAddress().port();
    }

    private void authenticate(RoutingContext exchange) {
        String peer = exchange.request().remoteAddress().hostAddress();
        List<String> fields = exchange.request().headers().getAll("Authorization");
        if (fields.isEmpty()) {
            failures.count(peer);
            answers.refuse(exchange, NO_TOKEN, "WWW-Authenticate", "Bearer realm=\"banyan\"");
            return;
        }
        Optional<Token> token = fields.size() == 1 ? bearer(fields.get(0)).flatMap(tokens::find) : Optional.empty();
        if (token.isPresent()) {
            new Caller(token.get(), peer).comesWith(exchange);
            exchange.next();
        } else {
            failures.count(peer);
            guesses.wrongToken(peer)
                    .ifPresentOrElse(wait -> refuseForAWhile(exchange, wait), () -> refuseWrongToken(exchange));
        }
    }

    private static Optional<String> bearer(String field) {
        return field.toLowerCase(Locale.ROOT).startsWith(SCHEME)
                ? Optional.of(field.substring(SCHEME.length()).strip())
                : Optional.empty();
    }

    private void refuseWrongToken(RoutingContext exchange) {
        LOG.info(
                "refused a wrong token peer={}",
                exchange.request().remoteAddress().hostAddress());
        answers.refuse(exchange, WRONG_TOKEN, "WWW-Authenticate", "Bearer realm=\"banyan\", error=\"invalid_token\"");
    }

    private void refuseForAWhile(RoutingContext exchange, Duration wait) {
        answers.refuse(exchange, TOO_MANY_ATTEMPTS, "Retry-After", Long.toString(wait.toSeconds() + 1));
    }

    private static final ProblemDetails FORBIDDEN_HOST = ProblemDetails.of(
            403,
            "forbidden-host",
            "Asked by a name that is not allowed",
            "The Host field does not name this admin endpoint.",
            "ask by 127.0.0.1, localhost or [::1] with the port, or add the name to the allowed hosts");

    private static final ProblemDetails FORBIDDEN_ORIGIN = ProblemDetails.of(
            403,
            "forbidden-origin",
            "Asked by a page of another origin",
            "The Origin field does not name this admin endpoint.",
            "use the dashboard of this endpoint, or no browser");

    private static final ProblemDetails NO_TOKEN = ProblemDetails.of(
            401,
            "no-token",
            "A token is needed",
            "The request has no Authorization field.",
            "send Authorization: Bearer TOKEN; the first token is in DATA/admin.token");

    private static final ProblemDetails WRONG_TOKEN = ProblemDetails.of(
            401,
            "wrong-token",
            "The token is not valid",
            "The Authorization field holds no valid bearer token: it is unknown, expired or revoked.",
            "take the token from DATA/admin.token, or ask an admin for one");

    private static final ProblemDetails TOO_MANY_ATTEMPTS = ProblemDetails.of(
            429,
            "too-many-attempts",
            "Too many wrong tokens",
            "Your address came with " + GuessLimit.ATTEMPTS + " wrong tokens within a minute.",
            "wait as long as Retry-After says, then come with a valid token");
}
