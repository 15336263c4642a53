package dev.banyan.controlplane.admin;

import dev.banyan.pem.CertificateChain;
import dev.banyan.pem.PemException;
import dev.banyan.pem.PemText;
import dev.banyan.pem.PrivateKeyFile;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A certificate and its key, read again when the files change: whoever renews them restarts nothing. Compared by content, because a
 * Kubernetes secret changes by a link two levels up.
 */
final class CertificateFiles {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateFiles.class);
    private static final Duration LOOKS = Duration.ofSeconds(2);

    private final AdminSettings.Certificate files;
    private Pair inForce;
    private Pair refused;

    /** What stands in the two files. */
    private record Pair(PemText chain, PemText key) {
        KeyCertOptions options() {
            return new PemKeyCertOptions()
                    .addCertValue(Buffer.buffer(chain.text()))
                    .addKeyValue(Buffer.buffer(key.text()));
        }
    }

    CertificateFiles(AdminSettings.Certificate files) {
        this.files = files;
        try {
            this.inForce = read();
            check(inForce);
        } catch (PemException e) {
            throw new UncheckedIOException("admin.certificate: " + e.getMessage(), e);
        }
        this.refused = inForce;
    }

    private static void check(Pair pair) throws PemException {
        PrivateKeyFile.read(pair.key(), CertificateChain.of(pair.chain()));
    }

    KeyCertOptions options() {
        return inForce.options();
    }

    /** As long as the Vert.x instance lives. */
    void watch(Vertx vertx, HttpServer server) {
        vertx.setPeriodic(
                LOOKS.toMillis(),
                unused -> vertx.executeBlocking(this::read, false).onSuccess(now -> take(now, server)));
    }

    /** While one of the two is new and the other is not yet, the old pair stays. */
    private void take(Pair now, HttpServer server) {
        if (now.equals(inForce) || now.equals(refused)) {
            return;
        }
        refused = now;
        try {
            check(now);
        } catch (PemException e) {
            kept(String.valueOf(e.getMessage()));
            return;
        }
        server.updateSSLOptions(new ServerSSLOptions().setKeyCertOptions(now.options()))
                .onSuccess(updated -> {
                    inForce = now;
                    LOG.info("took a new certificate of the admin endpoint file={}", files.chain());
                })
                .onFailure(failure -> kept(String.valueOf(failure.getMessage())));
    }

    private void kept(String why) {
        LOG.warn(
                "kept the old certificate of the admin endpoint, the new one cannot be used file={} why=\"{}\"",
                files.chain(),
                why);
    }

    private Pair read() throws PemException {
        return new Pair(files.chain().read(), files.key().read());
    }
}
