package dev.banyan.dataplane.upstream;

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
     * @param problem of the file as it is now; null: none
     */
    private record State(
            @Nullable SslContext context, @Nullable String problem) {}

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
                return new State(context(null), null);
            }
            PemText pem = PemText.of(manner.ca().get());
            seen = pem;
            return new State(context(CertificateChain.of(pem)), null);
        } catch (PemException e) {
            return told(null, null, e);
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

    @Override
    public void look() {
        manner.ca().ifPresent(this::look);
    }

    private void look(Path file) {
        SslContext good = state.context();
        PemText before = seen;
        // What cannot be read may come back as it was.
        seen = null;
        try {
            PemText pem = PemText.of(file);
            seen = pem;
            if (!pem.equals(before)) {
                state = new State(context(CertificateChain.of(pem)), null);
                LOG.info("put new CAs in force file={}", file);
            }
        } catch (PemException e) {
            state = told(good, state.problem(), e);
        } catch (SSLException e) {
            LOG.error("no context of TLS can be made file={}", file, e);
        }
    }

    private static State told(@Nullable SslContext good, @Nullable String before, PemException problem) {
        String message = String.valueOf(problem.getMessage());
        if (!message.equals(before)) {
            LOG.warn(
                    good == null ? "no CA is believed problem=\"{}\"" : "kept the CAs as they were problem=\"{}\"",
                    message);
        }
        return new State(good, message);
    }

    private SslContext context(@Nullable CertificateChain authorities) throws SSLException {
        SslContextBuilder builder = provider.configure(SslContextBuilder.forClient());
        if (authorities != null) {
            builder.trustManager(authorities.all());
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
        return wire.tls().serverName().orElse(wire.endpoint().host());
    }
}
