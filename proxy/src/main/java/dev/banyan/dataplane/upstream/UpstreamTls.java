package dev.banyan.dataplane.upstream;

import dev.banyan.dataplane.tls.TlsProvider;
import dev.banyan.routing.Endpoint;
import dev.banyan.routing.Upstream;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertPathBuilderException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** TLS to endpoints. Their certificates are always verified, and so is the name in them. */
final class UpstreamTls {
    private static final ApplicationProtocolConfig HTTP_2_ONLY = new ApplicationProtocolConfig(
            ApplicationProtocolConfig.Protocol.ALPN,
            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
            ApplicationProtocolNames.HTTP_2);

    /** How a server says so that has only other protocols (RFC 7301, 3.2); not all do. */
    private static final String NO_PROTOCOL_ALERT = "no_application_protocol";

    private final TlsProvider provider;
    private final Map<Manner, SslContext> contexts = new ConcurrentHashMap<>();

    /** What a context is made by. */
    private record Manner(Upstream.Tls tls, boolean http2) {}

    UpstreamTls(TlsProvider provider) {
        this.provider = provider;
    }

    /** For a connection that is about to be made. */
    SslHandler handler(EndpointHandle.Wire wire, ByteBufAllocator allocator, Duration timeout) throws SSLException {
        SSLEngine engine = context(new Manner(wire.tls(), wire.protocol() == Upstream.Protocol.H2))
                .newEngine(allocator, name(wire), wire.endpoint().port());
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        if (!NetUtil.isValidIpV4Address(name(wire)) && !NetUtil.isValidIpV6Address(name(wire))) {
            parameters.setServerNames(List.of(new SNIHostName(name(wire))));
        }
        engine.setSSLParameters(parameters);
        SslHandler handler = new SslHandler(engine);
        handler.setHandshakeTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
        return handler;
    }

    private static String name(EndpointHandle.Wire wire) {
        return wire.tls().serverName().orElse(wire.endpoint().host());
    }

    /** Read at the first connection; a file that cannot be read is tried again at the next. */
    private SslContext context(Manner manner) throws SSLException {
        SslContext known = contexts.get(manner);
        if (known != null) {
            return known;
        }
        SslContextBuilder builder = provider.configure(SslContextBuilder.forClient());
        Optional<Path> ca = manner.tls().ca();
        if (ca.isPresent()) {
            builder.trustManager(authorities(ca.get()));
        }
        if (manner.http2()) {
            builder.applicationProtocolConfig(HTTP_2_ONLY);
        }
        SslContext made = builder.build();
        contexts.put(manner, made);
        return made;
    }

    private static List<X509Certificate> authorities(Path file) throws SSLException {
        List<X509Certificate> authorities = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file)) {
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                authorities.add((X509Certificate) each);
            }
        } catch (IOException | CertificateException e) {
            throw new SSLException("the CA file " + file + " cannot be read: " + e.getMessage(), e);
        }
        if (authorities.isEmpty()) {
            throw new SSLException("the CA file " + file + " has no certificate in it");
        }
        return authorities;
    }

    /** Why the handshake failed, as the end of a sentence that begins with the upstream's name. */
    static String describe(Endpoint endpoint, Throwable failure) {
        String at = " at " + endpoint.authority();
        if (failure instanceof SslHandshakeTimeoutException) {
            return "did not finish the TLS handshake in time" + at;
        }
        if (failure instanceof NotSslRecordException) {
            return "does not speak TLS" + at;
        }
        if (String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains(NO_PROTOCOL_ALERT)) {
            return "does not speak HTTP/2: it did not agree on h2 by ALPN" + at;
        }
        String certificate = certificate(failure);
        return certificate == null
                ? "failed the TLS handshake" + at + " (" + failure.getMessage() + ")"
                : "shows a certificate " + certificate + at;
    }

    /** Null if it is not about the certificate. */
    private static @Nullable String certificate(Throwable failure) {
        boolean refused = false;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateExpiredException) {
                return "that has expired";
            }
            if (cause instanceof CertificateNotYetValidException) {
                return "that is not valid yet";
            }
            if (cause instanceof CertPathBuilderException) {
                return "of a CA that is not trusted";
            }
            String message = String.valueOf(cause.getMessage());
            if (cause instanceof CertificateException
                    && (message.startsWith("No subject alternative") || message.startsWith("No name matching"))) {
                return "of another name";
            }
            refused |= cause instanceof CertificateException;
        }
        return refused ? "that is not accepted" : null;
    }
}
