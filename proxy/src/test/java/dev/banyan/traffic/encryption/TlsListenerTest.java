package dev.banyan.traffic.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.banyan.dataplane.listener.ListenerSettings;
import dev.banyan.dataplane.tls.CertificateFiles;
import dev.banyan.dataplane.tls.TlsProvider;
import dev.banyan.dataplane.tls.TlsSettings;
import dev.banyan.dataplane.wire.ClientTimeouts;
import dev.banyan.net.Networks;
import dev.banyan.routing.Flags;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Share;
import dev.banyan.testing.Await;
import dev.banyan.testing.Bytes;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Step;
import dev.banyan.testing.StrictUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestCertificate;
import dev.banyan.testing.TestEdge;
import io.micrometer.core.instrument.Counter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A listener with TLS, with BoringSSL and with the JDK's. */
class TlsListenerTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: bank.test\r\nConnection: close\r\n\r\n";

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

    private CertificateFiles files(String name, TestCertificate certificate) throws Exception {
        return new CertificateFiles(
                certificate.writeCertificate(directory.resolve(name + ".crt")),
                certificate.writeKey(directory.resolve(name + ".key")),
                List.of());
    }

    private static TestEdge edge(
            TlsProvider provider, RoutingTable table, Duration headTimeout, CertificateFiles... certificates)
            throws IOException {
        assumeTrue(provider == TlsProvider.JDK || TlsProvider.best() == provider, "BoringSSL is not there");
        ClientTimeouts usual = ClientTimeouts.DEFAULT;
        return TestEdge.with(
                table,
                new ListenerSettings(
                        Optional.of(TestEdge.anyPort()),
                        Optional.of(new TlsSettings(
                                TestEdge.anyPort(), List.of(certificates), Duration.ofMillis(50), provider)),
                        Networks.NONE,
                        false),
                new ClientTimeouts(headTimeout, usual.keepAlive(), usual.idle(), usual.linger()));
    }

    private TestEdge edge(TlsProvider provider, CertificateFiles... certificates) throws IOException {
        return edge(provider, Tables.onlyDefault(upstream.port()), Duration.ofSeconds(20), certificates);
    }

    /** A connection that has shaken hands. */
    private SSLSocket connected(TestEdge edge, String name, String... protocols)
            throws IOException, GeneralSecurityException {
        SSLSocket socket = (SSLSocket) ca.trusted().getSocketFactory().createSocket("127.0.0.1", edge.tlsPort());
        socket.setSoTimeout(20_000);
        SSLParameters parameters = socket.getSSLParameters();
        if (!name.isEmpty()) {
            parameters.setServerNames(List.of(new SNIHostName(name)));
        }
        if (protocols.length > 0) {
            parameters.setProtocols(protocols);
        }
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static String exchange(SSLSocket socket, String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private List<String> namesShown(TestEdge edge, String asked) throws Exception {
        try (SSLSocket socket = connected(edge, asked)) {
            X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            List<String> names = new ArrayList<>();
            for (List<?> name : shown.getSubjectAlternativeNames()) {
                names.add(String.valueOf(name.get(1)));
            }
            return names;
        }
    }

    private static double refused(TestEdge edge, String reason) {
        Counter counter = edge.registry()
                .find("banyan.connections.refused")
                .tag("reason", reason)
                .counter();
        return counter == null ? 0 : counter.count();
    }

    @ParameterizedTest
    @CsvSource({"BORINGSSL, TLSv1.2", "BORINGSSL, TLSv1.3", "JDK, TLSv1.2", "JDK, TLSv1.3"})
    void requests_come_by_tls(TlsProvider provider, String protocol) throws Exception {
        try (TestEdge edge = edge(provider, files("bank", ca.signs("bank.test")));
                SSLSocket socket = connected(edge, "bank.test", protocol)) {

            assertThat(exchange(socket, GET)).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\nok");

            assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
            assertThat(upstream.requests()).singleElement().asString().contains("X-Forwarded-Proto: https\r\n");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void who_offers_http_2_gets_it(TlsProvider provider) throws Exception {
        try (TestEdge edge = edge(provider, files("bank", ca.signs("localhost")))) {
            HttpClient client = HttpClient.newBuilder().sslContext(ca.trusted()).build();
            URI uri = URI.create("https://localhost:" + edge.tlsPort() + "/");

            for (HttpClient.Version version : HttpClient.Version.values()) {
                HttpResponse<String> response = client.send(
                        HttpRequest.newBuilder(uri).version(version).build(), HttpResponse.BodyHandlers.ofString());

                assertThat(response.version()).isEqualTo(version);
                assertThat(response.body()).isEqualTo("ok");
            }
            assertThat(upstream.requests())
                    .hasSize(2)
                    .allMatch(request -> request.contains("X-Forwarded-Proto: https\r\n"));
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void both_listeners_are_open_at_once(TlsProvider provider) throws Exception {
        try (TestEdge edge = edge(provider, files("bank", ca.signs("bank.test")));
                SSLSocket socket = connected(edge, "bank.test")) {
            assertThat(RawClient.exchange(edge.port(), GET)).startsWith("HTTP/1.1 200 ");
            assertThat(exchange(socket, GET)).startsWith("HTTP/1.1 200 ");

            assertThat(upstream.requests().get(0)).contains("X-Forwarded-Proto: http\r\n");
            assertThat(upstream.requests().get(1)).contains("X-Forwarded-Proto: https\r\n");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void bodies_of_a_megabyte_pass_both_ways(TlsProvider provider) throws Exception {
        String body = "0123456789abcdef".repeat(65_536);
        try (RawUpstream echo = RawUpstream.running(connection -> {
                    while (!connection.readHead().isEmpty()) {
                        byte[] read = connection.readBytes(body.length());
                        connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + read.length + "\r\n\r\n");
                        connection.write(Bytes.text(read));
                    }
                });
                TestEdge edge = edge(
                        provider,
                        Tables.onlyDefault(echo.port()),
                        Duration.ofSeconds(20),
                        files("bank", ca.signs("bank.test")));
                SSLSocket socket = connected(edge, "bank.test")) {

            String post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n";
            OutputStream out = socket.getOutputStream();
            Thread sending = new Thread(() -> {
                try {
                    out.write(Bytes.of(post + "Connection: close\r\n\r\n" + body));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            sending.start();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            sending.join();

            assertThat(answer.endsWith("\r\n\r\n" + body)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void the_name_that_a_client_asks_for_picks_the_certificate(TlsProvider provider) throws Exception {
        CertificateFiles other = files("other", ca.signs("other.test"));
        try (TestEdge edge = edge(
                provider,
                files("bank", ca.signs("bank.test", "www.bank.test")),
                files("wild", ca.signs("*.bank.test")),
                new CertificateFiles(other.certificate(), other.key(), List.of("named.test")))) {

            assertThat(namesShown(edge, "bank.test")).contains("www.bank.test");
            assertThat(namesShown(edge, "WWW.Bank.test")).contains("www.bank.test");
            assertThat(namesShown(edge, "api.bank.test")).containsExactly("*.bank.test");
            assertThat(namesShown(edge, "a.b.bank.test")).contains("bank.test");
            assertThat(namesShown(edge, "named.test")).containsExactly("other.test");
            assertThat(namesShown(edge, "other.test"))
                    .as("its names were given")
                    .contains("bank.test");
            assertThat(namesShown(edge, "unknown.test")).contains("bank.test");
            assertThat(namesShown(edge, "")).contains("bank.test");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void a_new_certificate_is_served_without_a_restart_while_old_connections_live_on(TlsProvider provider)
            throws Exception {
        CertificateFiles files = files("bank", ca.signs("bank.test", "old.test"));
        try (TestEdge edge = edge(provider, files);
                SSLSocket old = connected(edge, "bank.test")) {
            assertThat(namesShown(edge, "bank.test")).contains("old.test");
            double before = expiry(edge);

            Files.writeString(files.certificate(), "half a certi");
            ca.signs("x.test").writeKey(files.key());
            assertThat(namesShown(edge, "bank.test"))
                    .as("a broken pair changes nothing")
                    .contains("old.test");
            TestCertificate next = ca.signsUntil(Instant.now().plus(Duration.ofDays(300)), "bank.test", "new.test");
            next.writeKey(files.key());
            next.writeCertificate(files.certificate());

            Await.until(() -> namesShown(edge, "bank.test").contains("new.test"));
            assertThat(expiry(edge)).isGreaterThan(before + Duration.ofDays(200).toSeconds());
            assertThat(exchange(old, GET)).startsWith("HTTP/1.1 200 ");
        }
    }

    private static double expiry(TestEdge edge) {
        return edge.registry().get("banyan.tls.certificate.expiry").gauge().value();
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void old_versions_of_tls_are_refused_and_counted(TlsProvider provider) throws Exception {
        try (TestEdge edge = edge(provider, files("bank", ca.signs("bank.test")))) {
            // A ClientHello of TLS 1.0 with one cipher, as no JDK sends it any more.
            byte[] hello = HexFormat.of()
                    .parseHex(
                            "16030100" + "2f" + "0100002b0301" + "00".repeat(32) + "00" + "0004" + "c013002f" + "0100");
            try (RawClient client = new RawClient(edge.tlsPort())) {
                client.send(hello);
                client.readToEndOrReset();
            }

            Await.until(() -> refused(edge, "tls-handshake") + refused(edge, "not-tls") == 1);
            assertThatThrownBy(() -> connected(edge, "bank.test", "TLSv1.1").close())
                    .isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void what_is_no_tls_is_closed_and_counted(TlsProvider provider) throws Exception {
        Random random = new Random(3);
        try (TestEdge edge = edge(provider, files("bank", ca.signs("bank.test")))) {
            try (RawClient plain = new RawClient(edge.tlsPort())) {
                plain.send(GET);
                assertThat(plain.readToEndOrReset()).doesNotContain("200");
            }
            Await.until(() -> refused(edge, "not-tls") == 1);
            for (int i = 0; i < 50; i++) {
                byte[] garbage = new byte[200];
                random.nextBytes(garbage);
                try (RawClient client = new RawClient(edge.tlsPort())) {
                    client.send(garbage);
                    client.shutdownOutput();
                    assertThat(client.readToEndOrReset()).doesNotContain("HTTP/");
                }
            }
            assertThat(upstream.requests()).isEmpty();
            Await.until(() -> edge.plane().drain(Duration.ZERO));
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void a_client_hello_that_does_not_end_is_closed_within_a_bound(TlsProvider provider) throws Exception {
        try (TestEdge edge = edge(provider, files("bank", ca.signs("bank.test")));
                RawClient client = new RawClient(edge.tlsPort())) {
            // A handshake message of 1 MiB, in records of 16 KiB.
            byte[] first = new byte[5 + 16_384];
            System.arraycopy(new byte[] {22, 3, 1, 64, 0, 1, 16, 0, 0, 3, 3}, 0, first, 0, 11);
            client.send(first);

            assertThat(client.readToEndOrReset()).doesNotContain("HTTP/");

            Await.until(() -> refused(edge, "not-tls") == 1);
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void half_a_handshake_is_timed_out_and_counted(TlsProvider provider) throws Exception {
        try (TestEdge edge = edge(
                        provider,
                        Tables.onlyDefault(upstream.port()),
                        Duration.ofMillis(300),
                        files("bank", ca.signs("bank.test")));
                RawClient silent = new RawClient(edge.tlsPort());
                RawClient half = new RawClient(edge.tlsPort())) {
            half.send(new byte[] {22, 3, 1, 0, 100, 1, 0, 0, 96, 3, 3});

            assertThat(silent.readToEndOrReset()).doesNotContain("HTTP/");
            assertThat(half.readToEndOrReset()).doesNotContain("HTTP/");

            Await.until(() -> refused(edge, "tls-timeout") == 2);
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void an_answer_that_ends_with_its_connection_ends_with_close_notify(TlsProvider provider) throws Exception {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\n\r\nall of it");
                });
                TestEdge edge = edge(
                        provider,
                        Tables.onlyDefault(rails.port()),
                        Duration.ofSeconds(20),
                        files("bank", ca.signs("bank.test")));
                SSLSocket socket = connected(edge, "bank.test")) {

            // The JDK's socket throws at an end without close_notify.
            assertThat(exchange(socket, "GET / HTTP/1.0\r\nHost: a\r\n\r\n")).endsWith("all of it");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void an_answer_that_was_cut_never_looks_whole(TlsProvider provider) throws Exception {
        try (Step seen = new Step();
                RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
                    seen.await();
                });
                TestEdge edge = edge(
                        provider,
                        Tables.onlyDefault(rails.port()),
                        Duration.ofSeconds(20),
                        files("bank", ca.signs("bank.test")));
                SSLSocket socket = connected(edge, "bank.test")) {

            socket.getOutputStream().write("GET / HTTP/1.0\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            assertThat(socket.getInputStream().read()).isEqualTo('H');
            seen.next();

            assertThatThrownBy(() -> socket.getInputStream().readAllBytes())
                    .isInstanceOfAny(SSLException.class, SocketException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void a_sticky_cookie_is_secure(TlsProvider provider) throws Exception {
        RoutingTable table = RoutingTable.of(
                1,
                Tables.base(
                        List.of(Tables.upstream("rails", upstream.port()), Tables.upstream("modern", upstream.port())),
                        List.of(Tables.route("accounts", "modern", new Share(5_000)))),
                Flags.NONE);
        try (TestEdge edge = edge(provider, table, Duration.ofSeconds(20), files("bank", ca.signs("bank.test")));
                SSLSocket socket = connected(edge, "bank.test")) {

            assertThat(exchange(socket, GET.replace("GET /", "GET /accounts")))
                    .containsPattern("Set-Cookie: banyan=[^\r]*; Secure");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void it_is_drained_like_any_other(TlsProvider provider) throws Exception {
        try (TestEdge edge = edge(provider, files("bank", ca.signs("bank.test")));
                SSLSocket idle = connected(edge, "bank.test")) {
            try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), edge.tlsPort())) {
                assertThat(probe.isConnected()).isTrue();
            }

            assertThat(edge.plane().drain(Duration.ofSeconds(20))).isTrue();
            assertThat(idle.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void a_start_with_a_certificate_that_cannot_be_served_says_which_and_why() throws Exception {
        CertificateFiles good = files("bank", ca.signs("bank.test"));
        CertificateFiles other = files("other", ca.signs("other.test"));
        Path missing = directory.resolve("missing.crt");
        Path empty = Files.writeString(directory.resolve("empty.pem"), "");

        startFails(new CertificateFiles(missing, good.key(), List.of()), missing + ": is not there");
        startFails(new CertificateFiles(empty, good.key(), List.of()), empty + ": has no certificate in it");
        startFails(new CertificateFiles(good.certificate(), empty, List.of()), empty + ": has no private key in it");
        startFails(
                new CertificateFiles(good.certificate(), other.key(), List.of()),
                other.key() + ": is not the key of " + good.certificate());
    }

    private void startFails(CertificateFiles files, String why) {
        assertThatThrownBy(() -> edge(TlsProvider.JDK, files).close())
                .isInstanceOf(IOException.class)
                .hasMessageContaining(why)
                .hasMessageContaining("; fix: ");
    }
}
