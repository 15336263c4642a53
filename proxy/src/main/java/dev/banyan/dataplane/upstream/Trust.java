package dev.banyan.dataplane.upstream;

import dev.banyan.contract.HealthProbe;
import dev.banyan.dataplane.tls.FileWatch;
import dev.banyan.dataplane.tls.TlsProvider;
import dev.banyan.pem.CertificateChain;
import dev.banyan.pem.PemException;
import dev.banyan.pem.PemText;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The CAs that are believed when endpoints say who they are. Certificates are always verified, and so is the name in them. A new file of
 * CAs is for every connection from then on, while those that are open stay; a file that is no good changes nothing.
 */
final class Trust implements FileWatch.Watched {
    private static final Logger LOG = LoggerFactory.getLogger(Trust.class);

    private static final ApplicationProtocolConfig HTTP_2_ONLY = new ApplicationProtocolConfig(
            ApplicationProtocolConfig.Protocol.ALPN,
            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
            ApplicationProtocolNames.HTTP_2);

    private final UpstreamTls.Manner manner;
    private final TlsProvider provider;
    private @Nullable PemText seen;

    // Read at each handshake, written when the file changes: volatile, so that readers take no lock.
    private volatile State state;

    /**
     * What is in force.
     *
     * @param context null: no file was good yet
     * @param authorities of the context; none: those of the JDK
     * @param problem of the file as it is now; null: none
     */
    private record State(
            @Nullable SslContext context,
            List<X509Certificate> authorities,
            @Nullable String problem) {}

    /** There is nobody who could vouch for the endpoint. */
    static final class NobodyTrusted extends SSLException {
        private static final long serialVersionUID = 1;

        NobodyTrusted(String problem) {
            super(problem);
        }
    }

    /** Reads the file, if there is one. */
    Trust(UpstreamTls.Manner manner, TlsProvider provider) {
        this.manner = manner;
        this.provider = provider;
        this.state = first();
    }

    private State first() {
        try {
            if (manner.ca().isEmpty()) {
                return new State(context(List.of()), List.of(), null);
            }
            PemText pem = PemText.of(manner.ca().get());
            seen = pem;
            return good(CertificateChain.of(pem));
        } catch (PemException e) {
            return told(new State(null, List.of(), null), e);
        } catch (SSLException e) {
            throw new IllegalStateException("no context of TLS can be made", e);
        }
    }

    UpstreamTls.Manner manner() {
        return manner;
    }

    /** What is wrong with the file of CAs. */
    Optional<String> problem() {
        return Optional.ofNullable(state.problem());
    }

    /** The same for who connects by other means; empty: nobody can be verified. */
    Optional<HealthProbe.Verification> verification() {
        State now = state;
        return now.context() == null
                ? Optional.empty()
                : Optional.of(
                        new HealthProbe.Verification(now.authorities(), TlsProvider.versions(), TlsProvider.ciphers()));
    }

    /** @throws NobodyTrusted no connection need be made, as nobody could be verified */
    void demandAuthorities() throws NobodyTrusted {
        State now = state;
        if (now.context() == null) {
            throw new NobodyTrusted(String.valueOf(now.problem()));
        }
    }

    @Override
    public void look() {
        manner.ca().ifPresent(this::look);
    }

    private void look(Path file) {
        PemText before = seen;
        // What cannot be read may come back as it was.
        seen = null;
        try {
            PemText pem = PemText.of(file);
            seen = pem;
            if (!pem.equals(before)) {
                state = good(CertificateChain.of(pem));
                LOG.info("put new CAs in force file={}", file);
            }
        } catch (PemException e) {
            state = told(state, e);
        } catch (SSLException e) {
            LOG.error("no context of TLS can be made file={}", file, e);
        }
    }

    private State good(CertificateChain authorities) throws SSLException {
        return new State(context(authorities.all()), authorities.all(), null);
    }

    private static State told(State before, PemException problem) {
        String message = String.valueOf(problem.getMessage());
        if (!message.equals(before.problem())) {
            LOG.warn(
                    before.context() == null
                            ? "no CA is believed problem=\"{}\""
                            : "kept the CAs as they were problem=\"{}\"",
                    message);
        }
        return new State(before.context(), before.authorities(), message);
    }

    private SslContext context(List<X509Certificate> authorities) throws SSLException {
        SslContextBuilder builder = provider.configure(SslContextBuilder.forClient());
        if (!authorities.isEmpty()) {
            builder.trustManager(authorities);
        }
        if (manner.http2()) {
            builder.applicationProtocolConfig(HTTP_2_ONLY);
        }
        return builder.build();
    }

    /**
     * For a connection that is about to be made.
     *
     * @throws SSLException no CA is believed, as their file was never good
     */
    SslHandler handler(EndpointHandle.Wire wire, ByteBufAllocator allocator, Duration timeout) throws SSLException {
        State now = state;
        SslContext context = now.context();
        if (context == null) {
            throw new NobodyTrusted(String.valueOf(now.problem()));
        }
        String name = name(wire);
        SSLEngine engine = context.newEngine(allocator, name, wire.endpoint().port());
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        if (!NetUtil.isValidIpV4Address(name) && !NetUtil.isValidIpV6Address(name)) {
            parameters.setServerNames(List.of(new SNIHostName(name)));
        }
        engine.setSSLParameters(parameters);
        SslHandler handler = new SslHandler(engine);
        handler.setHandshakeTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
        return handler;
    }

    private static String name(EndpointHandle.Wire wire) {
        return wire.tls().serverName().orElse(wire.endpoint().name());
    }
}
