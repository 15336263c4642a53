package dev.banyan.dataplane.tls;

import dev.banyan.pem.CertificateChain;
import dev.banyan.pem.PemException;
import dev.banyan.pem.PemText;
import dev.banyan.pem.PrivateKeyFile;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** One certificate with its key, ready to serve. */
final class Certificate {
    private final List<String> names;
    private final CertificateChain chain;
    private final SslContext context;

    /** What the two files hold. */
    record Content(PemText certificate, PemText key) {
        static Content of(CertificateFiles files) throws PemException {
            return new Content(PemText.of(files.certificate()), PemText.of(files.key()));
        }
    }

    private Certificate(List<String> names, CertificateChain chain, SslContext context) {
        this.names = names;
        this.chain = chain;
        this.context = context;
    }

    /**
     * Reads and checks both.
     *
     * @throws IOException with the file, what is wrong with it and what to do
     */
    static Certificate read(
            CertificateFiles files, Content content, TlsProvider provider, ApplicationProtocolConfig protocols)
            throws IOException {
        CertificateChain chain = CertificateChain.of(content.certificate());
        SslContextBuilder builder = SslContextBuilder.forServer(PrivateKeyFile.read(content.key(), chain), chain.all());
        List<String> names = files.names().isEmpty() ? chain.names() : files.names();
        try {
            SslContext context = provider.configure(builder)
                    .applicationProtocolConfig(protocols)
                    .build();
            return new Certificate(
                    names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList(), chain, context);
        } catch (SSLException e) {
            throw new IOException(
                    files.certificate() + ": cannot be used (" + e.getMessage() + "); fix: make another", e);
        }
    }

    List<String> names() {
        return names;
    }

    Instant notAfter() {
        return chain.own().getNotAfter().toInstant();
    }

    /** What does not keep it from being shown, but many clients from accepting it. */
    List<PemException> doubts(Instant now) {
        return chain.doubts(now);
    }

    SslContext context() {
        return context;
    }
}
