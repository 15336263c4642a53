package dev.banyan.traffic.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.banyan.RealServer;
import dev.banyan.dataplane.listener.ListenerSettings;
import dev.banyan.dataplane.tls.CertificateFiles;
import dev.banyan.dataplane.tls.TlsProvider;
import dev.banyan.dataplane.tls.TlsSettings;
import dev.banyan.dataplane.wire.ClientTimeouts;
import dev.banyan.net.Networks;
import dev.banyan.testing.Await;
import dev.banyan.testing.Bytes;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.StrictUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestCertificate;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who comes back does not shake hands anew: no certificate is shown and no key is used. On both sides. */
class TlsResumptionTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: bank.test\r\nConnection: close\r\n\r\n";

    private static final Path OPENSSL = Path.of("/usr/bin/openssl");

    @TempDir
    private Path directory;

    private TestCertificate ca;
    private StrictUpstream upstream;

    @BeforeEach
    void start() throws Exception {
        ca = TestCertificate.ca("ca");
        upstream = new StrictUpstream();
    }

    @AfterEach
    void stop() throws IOException {
        upstream.close();
    }

    /** A client that counts the certificates that it was shown: none where a session is resumed. */
    private static final class Client {
        private final AtomicInteger shown = new AtomicInteger();
        private final SSLContext context;

        Client() throws Exception {
            context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Counting(shown)}, null);
        }

        /** Asks over a new connection; gives the certificate of its session. */
        X509Certificate ask(int port, String name, String protocol) throws Exception {
            try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
                socket.setSoTimeout(20_000);
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setServerNames(List.of(new SNIHostName(name)));
                parameters.setProtocols(new String[] {protocol});
                socket.setSSLParameters(parameters);
                socket.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
                assertThat(Bytes.text(socket.getInputStream().readAllBytes())).startsWith("HTTP/1.1 200 ");
                assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
                return (X509Certificate) socket.getSession().getPeerCertificates()[0];
            }
        }
    }

    private static final class Counting extends X509ExtendedTrustManager {
        private final AtomicInteger shown;

        Counting(AtomicInteger shown) {
            this.shown = shown;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
            shown.incrementAndGet();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            shown.incrementAndGet();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            shown.incrementAndGet();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private CertificateFiles files(String name, TestCertificate certificate) throws Exception {
        return new CertificateFiles(
                certificate.writeCertificate(directory.resolve(name + ".crt")),
                certificate.writeKey(directory.resolve(name + ".key")),
                List.of());
    }

    private TestEdge edge(TlsProvider provider, CertificateFiles... certificates) throws IOException {
        assumeTrue(provider == TlsProvider.JDK || TlsProvider.best() == provider, "BoringSSL is not there");
        return TestEdge.with(
                Tables.onlyDefault(upstream.port()),
                new ListenerSettings(
                        Optional.empty(),
                        Optional.of(new TlsSettings(
                                TestEdge.anyPort(), List.of(certificates), Duration.ofMillis(50), provider)),
                        Networks.NONE,
                        false),
                ClientTimeouts.DEFAULT);
    }

    @ParameterizedTest
    @CsvSource({"BORINGSSL, TLSv1.2", "BORINGSSL, TLSv1.3", "JDK, TLSv1.2", "JDK, TLSv1.3"})
    void a_client_that_comes_back_resumes_its_session(TlsProvider provider, String protocol) throws Exception {
        try (TestEdge edge = edge(provider, files("bank", ca.signs("bank.test")))) {
            Client client = new Client();

            for (int i = 0; i < 4; i++) {
                client.ask(edge.tlsPort(), "bank.test", protocol);
            }

            assertThat(client.shown).hasValue(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"BORINGSSL, TLSv1.2", "BORINGSSL, TLSv1.3", "JDK, TLSv1.2", "JDK, TLSv1.3"})
    void a_session_is_good_for_its_own_certificate_only(TlsProvider provider, String protocol) throws Exception {
        try (TestEdge edge =
                edge(provider, files("bank", ca.signs("bank.test")), files("partner", ca.signs("partner.test")))) {
            assertThat(openssl(edge, protocol, "bank.test", "-sess_out")).startsWith("New, " + protocol);

            // It sends the session that it is told to, whatever the name; the JDK's client would not.
            assertThat(openssl(edge, protocol, "bank.test", "-sess_in")).startsWith("Reused, " + protocol);
            assertThat(openssl(edge, protocol, "partner.test", "-sess_in")).startsWith("New, " + protocol);
        }
    }

    /** Whether the session was new, as openssl tells. */
    private String openssl(TestEdge edge, String protocol, String name, String session) throws Exception {
        RealServer.require(OPENSSL);
        Process process = new ProcessBuilder(
                        OPENSSL.toString(),
                        "s_client",
                        "-connect",
                        "127.0.0.1:" + edge.tlsPort(),
                        protocol.equals("TLSv1.2") ? "-tls1_2" : "-tls1_3",
                        "-servername",
                        name,
                        "-ign_eof",
                        session,
                        directory.resolve("session.pem").toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
        String printed = Bytes.text(process.getInputStream().readAllBytes());
        assertThat(printed).contains("HTTP/1.1 200 ");
        return printed.lines()
                .filter(line -> line.startsWith("New, ") || line.startsWith("Reused, "))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"BORINGSSL, TLSv1.2", "BORINGSSL, TLSv1.3", "JDK, TLSv1.2", "JDK, TLSv1.3"})
    void a_session_ends_with_its_certificate(TlsProvider provider, String protocol) throws Exception {
        TestCertificate next = ca.signs("bank.test");
        CertificateFiles files = files("bank", ca.signs("bank.test", "removed.test"));
        try (TestEdge edge = edge(provider, files)) {
            Client client = new Client();
            client.ask(edge.tlsPort(), "removed.test", protocol);
            client.ask(edge.tlsPort(), "removed.test", protocol);
            assertThat(client.shown).hasValue(1);

            next.writeKey(files.key());
            next.writeCertificate(files.certificate());

            // Sessions are offered again and again until the new one is in force, and then refused.
            Await.until(
                    () -> client.ask(edge.tlsPort(), "removed.test", protocol).equals(next.certificate()));
            assertThat(client.shown).hasValue(2);
        }
    }

    /** Ends each connection behind one answer, and counts how often it had to use its key. */
    private static final class ClosingUpstream implements AutoCloseable {
        private final AtomicInteger keyUsed = new AtomicInteger();
        private final SSLServerSocket server;

        ClosingUpstream(TestCertificate own, String protocol) throws Exception {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new X509ExtendedKeyManager[] {new CountingKey(own, keyUsed)}, null, null);
            server = (SSLServerSocket)
                    context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
            server.setEnabledProtocols(new String[] {protocol});
            Thread accepting = new Thread(this::accept, "closing-upstream");
            accepting.setDaemon(true);
            accepting.start();
        }

        private void accept() {
            while (!server.isClosed()) {
                try (SSLSocket socket = (SSLSocket) server.accept()) {
                    socket.getInputStream().read(new byte[4096]);
                    socket.getOutputStream()
                            .write(Bytes.of("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"));
                } catch (IOException e) {
                    // The test is over.
                }
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    private static final class CountingKey extends X509ExtendedKeyManager {
        private final TestCertificate own;
        private final AtomicInteger used;

        CountingKey(TestCertificate own, AtomicInteger used) {
            this.own = own;
            this.used = used;
        }

        @Override
        public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            return "own";
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            used.incrementAndGet();
            return own.key();
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return new X509Certificate[] {own.certificate()};
        }

        @Override
        public String[] getServerAliases(String type, Principal[] issuers) {
            return new String[] {"own"};
        }

        @Override
        public String[] getClientAliases(String type, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
            throw new UnsupportedOperationException("a server's key");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void connections_to_an_upstream_resume_the_session_of_those_before(String protocol) throws Exception {
        assumeTrue(
                Runtime.version().feature() < 24,
                "with this server on JDK 25 nothing is resumed, and whose doing that is has not been found yet");
        Path caFile = ca.writeCertificate(directory.resolve("ca.crt"));
        try (ClosingUpstream closing = new ClosingUpstream(ca.signs("a.internal"), protocol);
                TestEdge edge = TestEdge.with(Tables.of("""
                        default: rails
                        upstreams:
                          rails: { url: "https://127.0.0.1:%d", tls: { ca: "%s", server-name: a.internal } }
                        """.formatted(closing.server.getLocalPort(), caFile)))) {

            for (int i = 0; i < 6; i++) {
                assertThat(RawClient.exchange(edge.port(), GET)).startsWith("HTTP/1.1 200 ");
            }

            assertThat(closing.keyUsed).hasValue(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_session_that_an_old_ca_vouched_for_is_not_resumed_once_new_cas_are_in_force(String protocol)
            throws Exception {
        Path caFile = ca.writeCertificate(directory.resolve("ca.crt"));
        try (ClosingUpstream closing = new ClosingUpstream(ca.signs("a.internal"), protocol);
                TestEdge edge = TestEdge.with(Tables.of("""
                        default: rails
                        upstreams:
                          rails:
                            url: https://127.0.0.1:%d
                            tls: { ca: "%s", server-name: a.internal }
                            breaker: { failures: 100%%, over: 10000 }
                        """.formatted(closing.server.getLocalPort(), caFile)))) {
            assertThat(RawClient.exchange(edge.port(), GET)).startsWith("HTTP/1.1 200 ");
            assertThat(RawClient.exchange(edge.port(), GET)).startsWith("HTTP/1.1 200 ");

            TestCertificate.ca("next").writeCertificate(caFile);

            Await.untilWithin(
                    Duration.ofSeconds(60),
                    () -> RawClient.exchange(edge.port(), GET).contains("of a CA that is not trusted"));
        }
    }
}
