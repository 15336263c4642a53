package dev.banyan.sidetraffic;

import dev.banyan.contract.HealthProbe;
import dev.banyan.net.IpAddress;
import dev.banyan.pem.Rejection;
import dev.banyan.routing.Endpoint;
import dev.banyan.routing.Upstream;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;

/**
 * Asks by {@code GET} over a new connection: an endpoint that still answers on old connections but takes no new ones is not well. Any
 * status from 200 to 399 is well, as for HAProxy and Kubernetes.
 */
public final class WebHealthProbe implements HealthProbe {
    private static final int MIN_WELL = 200;
    private static final int MAX_WELL = 399;
    private static final Duration CLIENT_LIFETIME = Duration.ofHours(1);
    private static final Duration CLOSED_AFTER = Duration.ofMinutes(5);

    private final Vertx vertx;
    private final Function<InetSocketAddress, Optional<String>> refusal;
    private final Map<Manner, Made> clients = new ConcurrentHashMap<>();

    /**
     * What upstreams must have in common to be asked by one client.
     *
     * @param named asked for by a name: what is an address has none in TLS (RFC 6066, 3)
     */
    private record Manner(Upstream.Protocol protocol, Upstream.Tls tls, boolean named) {}

    /** A client, as it verifies, and until when: sessions that it resumes were verified no longer ago than that. */
    private record Made(Optional<Verification> verification, HttpClientAgent client, long untilNanos) {
        boolean does(Optional<Verification> wanted, long nowNanos) {
            return verification.equals(wanted) && nowNanos - untilNanos < 0;
        }
    }

    /**
     * A probe of the addresses that traffic may go to.
     *
     * @param vertx of side traffic; the caller closes it
     * @param refusal why an address may not be asked, ending a sentence that begins with the endpoint; empty if it may. The same rules as
     *     for requests: a table must not be able to have this proxy ask its own admin API, or a cloud's metadata, by way of a probe.
     */
    public WebHealthProbe(Vertx vertx, Function<InetSocketAddress, Optional<String>> refusal) {
        this.vertx = vertx;
        this.refusal = refusal;
    }

    @Override
    public void ask(
            Upstream upstream,
            Endpoint endpoint,
            List<InetSocketAddress> addresses,
            Optional<Verification> verification,
            String path,
            Duration timeout,
            Consumer<Optional<String>> result) {
        String name = name(upstream, endpoint);
        boolean http2 = upstream.protocol() != Upstream.Protocol.HTTP1;
        HttpConnectOptions manner = new HttpConnectOptions()
                .setHost(name)
                .setPort(endpoint.port())
                .setSsl(endpoint.tls())
                .setProtocolVersion(http2 ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1);
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost(name)
                .setPort(endpoint.port())
                .setURI(path)
                .putHeader("User-Agent", "banyan-health");
        HttpClientAgent client =
                client(new Manner(upstream.protocol(), upstream.tls(), IpAddress.parse(name) == null), verification);
        Future<HttpClientConnection> connection =
                new ProbeConnection(vertx, client, manner, refusal).at(addresses, timeout);
        connection
                .compose(connected -> connected.request(request))
                .compose(HttpClientRequest::send)
                .compose(answer -> answer.end().map(end -> judged(answer, upstream.protocol())))
                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .onComplete(why -> {
                    connection.onSuccess(HttpClientConnection::close);
                    result.accept(why.succeeded() ? why.result() : Optional.of(failure(why.cause(), path)));
                });
    }

    private HttpClientAgent client(Manner manner, Optional<Verification> verification) {
        long now = System.nanoTime();
        return clients.compute(manner, (same, before) -> {
                    if (before != null && before.does(verification, now)) {
                        return before;
                    }
                    if (before != null) {
                        // A probe may be under way by it.
                        vertx.setTimer(
                                CLOSED_AFTER.toMillis(), gone -> before.client().close());
                    }
                    return new Made(verification, made(manner, verification), now + CLIENT_LIFETIME.toNanos());
                })
                .client();
    }

    private HttpClientAgent made(Manner manner, Optional<Verification> verification) {
        HttpClientOptions options = new HttpClientOptions().setKeepAlive(false).setDecompressionSupported(false);
        if (manner.protocol() != Upstream.Protocol.HTTP1) {
            options.setProtocolVersion(HttpVersion.HTTP_2)
                    .setHttp2ClearTextUpgrade(false)
                    .setUseAlpn(manner.protocol() == Upstream.Protocol.H2)
                    .setAlpnVersions(List.of(HttpVersion.HTTP_2));
        }
        verification.ifPresent(as -> {
            options.setVerifyHost(true)
                    .setForceSni(manner.named())
                    .setEnabledSecureTransportProtocols(new LinkedHashSet<>(as.versions()));
            as.ciphers().forEach(options::addEnabledCipherSuite);
            if (!as.authorities().isEmpty()) {
                options.setTrustOptions(TrustOptions.wrap(trusting(as.authorities())));
            }
        });
        return vertx.createHttpClient(options);
    }

    private static TrustManagerFactory trusting(List<X509Certificate> authorities) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry("ca-" + i, authorities.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a store in memory cannot be made", e);
        }
    }

    /** As which server the endpoint is asked: an address of a name, as that name. */
    private static String name(Upstream upstream, Endpoint endpoint) {
        String host =
                upstream.address() instanceof Upstream.Dns dns ? dns.name().name() : endpoint.name();
        return upstream.tls().serverName().filter(ignored -> endpoint.tls()).orElse(host);
    }

    private static Optional<String> judged(HttpClientResponse answer, Upstream.Protocol protocol) {
        if (protocol != Upstream.Protocol.HTTP1 && answer.request().version() != HttpVersion.HTTP_2) {
            return Optional.of("does not speak HTTP/2");
        }
        int status = answer.statusCode();
        return status >= MIN_WELL && status <= MAX_WELL ? Optional.empty() : Optional.of("answered " + status);
    }

    private static String failure(Throwable cause, String path) {
        if (cause instanceof TimeoutException) {
            return "did not answer " + path + " in time";
        }
        if (cause instanceof ProbeConnection.Refused) {
            return String.valueOf(cause.getMessage());
        }
        if (cause instanceof ConnectException) {
            return "refused the connection";
        }
        if (cause instanceof SSLException) {
            return Rejection.of(cause).orElse("failed the TLS handshake");
        }
        return "closed the connection without an answer";
    }
}
