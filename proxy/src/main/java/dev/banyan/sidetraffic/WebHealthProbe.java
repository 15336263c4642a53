package dev.banyan.sidetraffic;

import dev.banyan.contract.HealthProbe;
import dev.banyan.routing.Endpoint;
import dev.banyan.routing.Upstream;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.ext.web.codec.BodyCodec;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;

/**
 * Asks by {@code GET} over a new connection: an endpoint that still answers on old connections but takes no new ones is not well. Any
 * status from 200 to 399 is well, as for HAProxy and Kubernetes.
 */
public final class WebHealthProbe implements HealthProbe {
    private static final int MIN_WELL = 200;
    private static final int MAX_WELL = 399;

    private final Vertx vertx;
    private final Map<Manner, WebClient> clients = new ConcurrentHashMap<>();

    /** What upstreams must have in common to be asked by one client. */
    private record Manner(Upstream.Protocol protocol, Upstream.Tls tls) {}

    /** @param vertx of side traffic; the caller closes it */
    public WebHealthProbe(Vertx vertx) {
        this.vertx = vertx;
    }

    @Override
    public void ask(
            Upstream upstream, Endpoint endpoint, String path, Duration timeout, Consumer<Optional<String>> result) {
        clients.computeIfAbsent(new Manner(upstream.protocol(), upstream.tls()), this::client)
                .get(endpoint.port(), endpoint.host(), path)
                .ssl(endpoint.tls())
                .virtualHost(name(upstream, endpoint))
                .timeout(timeout.toMillis())
                .as(BodyCodec.none())
                .send()
                .onComplete(answer -> result.accept(
                        answer.succeeded() ? judged(answer.result()) : Optional.of(failure(answer.cause(), path))));
    }

    private WebClient client(Manner manner) {
        WebClientOptions options = new WebClientOptions()
                .setFollowRedirects(false)
                .setUserAgent("banyan-health")
                .setKeepAlive(false)
                .setDecompressionSupported(false);
        if (manner.protocol() != Upstream.Protocol.HTTP1) {
            options.setProtocolVersion(HttpVersion.HTTP_2)
                    .setHttp2ClearTextUpgrade(false)
                    .setUseAlpn(manner.protocol() == Upstream.Protocol.H2);
        }
        manner.tls()
                .ca()
                .ifPresent(file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
        return WebClient.create(vertx, options);
    }

    /** As which server the endpoint is asked: an address of a name, as that name. */
    private static String name(Upstream upstream, Endpoint endpoint) {
        String host =
                upstream.address() instanceof Upstream.Dns dns ? dns.name().host() : endpoint.host();
        return upstream.tls().serverName().filter(ignored -> endpoint.tls()).orElse(host);
    }

    private static Optional<String> judged(HttpResponse<?> answer) {
        int status = answer.statusCode();
        return status >= MIN_WELL && status <= MAX_WELL ? Optional.empty() : Optional.of("answered " + status);
    }

    private static String failure(Throwable cause, String path) {
        if (cause instanceof TimeoutException) {
            return "did not answer " + path + " in time";
        }
        if (cause instanceof ConnectException) {
            return "refused the connection";
        }
        if (cause instanceof SSLException) {
            return "failed the TLS handshake";
        }
        return "closed the connection without an answer";
    }
}
