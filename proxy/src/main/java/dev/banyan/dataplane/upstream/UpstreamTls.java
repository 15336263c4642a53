package dev.banyan.dataplane.upstream;

import dev.banyan.dataplane.tls.FileWatch;
import dev.banyan.dataplane.tls.TlsProvider;
import dev.banyan.pem.Rejection;
import dev.banyan.routing.Endpoint;
import dev.banyan.routing.Upstream;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** TLS to endpoints: which CAs are believed, read once for all that believe the same, and looked at again for as long as a table names them. */
final class UpstreamTls {
    /** How a server says so that has only other protocols (RFC 7301, 3.2); not all do. */
    private static final String NO_PROTOCOL_ALERT = "no_application_protocol";

    private final TlsProvider provider;
    private final FileWatch watch;
    private final Map<Manner, Held> held = new HashMap<>();

    /**
     * What upstreams have in common that trust alike.
     *
     * @param ca empty: those of the JDK
     */
    record Manner(Optional<Path> ca, boolean http2) {
        static Manner of(Upstream.Protocol protocol, Upstream.Tls tls) {
            return new Manner(tls.ca(), protocol == Upstream.Protocol.H2);
        }
    }

    /** What so many upstreams of tables hold. */
    private record Held(Trust trust, int holders) {}

    UpstreamTls(TlsProvider provider, FileWatch watch) {
        this.provider = provider;
        this.watch = watch;
    }

    /** For an upstream of a table; reads files, if nobody holds the same yet. Empty: it is without TLS. */
    synchronized Optional<Trust> hold(Upstream upstream) {
        Endpoint first = upstream.address() instanceof Upstream.Fixed fixed
                ? fixed.endpoints().get(0)
                : ((Upstream.Dns) upstream.address()).name();
        if (!first.tls()) {
            return Optional.empty();
        }
        Held now = held.compute(Manner.of(upstream.protocol(), upstream.tls()), (manner, before) -> {
            if (before != null) {
                return new Held(before.trust(), before.holders() + 1);
            }
            Trust trust = new Trust(manner, provider);
            watch.add(trust);
            return new Held(trust, 1);
        });
        return Optional.of(now.trust());
    }

    /** The upstream is in no table any more. */
    synchronized void release(Trust trust) {
        held.computeIfPresent(trust.manner(), (manner, before) -> {
            if (before.holders() > 1) {
                return new Held(trust, before.holders() - 1);
            }
            watch.remove(trust);
            return null;
        });
    }

    /** What the endpoint's upstream holds; of one that has just left the tables, as the files are now. */
    synchronized Trust of(Upstream.Protocol protocol, Upstream.Tls tls) {
        Manner manner = Manner.of(protocol, tls);
        Held known = held.get(manner);
        return known == null ? new Trust(manner, provider) : known.trust();
    }

    /** Why the handshake failed, as the end of a sentence that begins with the upstream's name. */
    static String describe(Endpoint endpoint, Throwable failure) {
        String at = " at " + endpoint.authority();
        if (failure instanceof Trust.NobodyTrusted) {
            return "cannot be verified" + at + ": " + failure.getMessage();
        }
        if (failure instanceof SslHandshakeTimeoutException) {
            return "did not finish the TLS handshake in time" + at;
        }
        if (failure instanceof NotSslRecordException) {
            return "does not speak TLS" + at;
        }
        if (String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains(NO_PROTOCOL_ALERT)) {
            return "does not speak HTTP/2: it did not agree on h2 by ALPN" + at;
        }
        return Rejection.of(failure)
                .map(why -> why + at)
                .orElseGet(() -> "failed the TLS handshake" + at + " (" + failure.getMessage() + ")");
    }
}
