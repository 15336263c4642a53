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
import dev.banyan.testing.Await;
import dev.banyan.testing.ClientHello;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.StrictUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestCertificate;
import dev.banyan.testing.TestEdge;
import io.micrometer.core.instrument.Counter;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a listener with TLS does with clients that are odd, slow or hostile before their first request. */
class TlsHostileClientsTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: bank.test\r\n\r\n";
    private static final int RECORD = 16_384;

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

    private CertificateFiles files(String name) throws Exception {
        TestCertificate certificate = ca.signs(name);
        return new CertificateFiles(
                certificate.writeCertificate(directory.resolve(name + ".crt")),
                certificate.writeKey(directory.resolve(name + ".key")),
                List.of());
    }

    /** With {@code bank.test} for who asks for nobody known, and {@code partner.test}. */
    private TestEdge edge(TlsProvider provider, Duration headTimeout) throws Exception {
        assumeTrue(provider == TlsProvider.JDK || TlsProvider.best() == provider, "BoringSSL is not there");
        ClientTimeouts usual = ClientTimeouts.DEFAULT;
        return TestEdge.with(
                Tables.onlyDefault(upstream.port()),
                new ListenerSettings(
                        Optional.empty(),
                        Optional.of(new TlsSettings(
                                TestEdge.anyPort(),
                                List.of(files("bank.test"), files("partner.test")),
                                Duration.ofSeconds(5),
                                provider)),
                        Networks.NONE,
                        false),
                new ClientTimeouts(headTimeout, usual.keepAlive(), usual.idle(), usual.linger()));
    }

    private TestEdge edge(TlsProvider provider) throws Exception {
        return edge(provider, Duration.ofSeconds(20));
    }

    /** All that comes back for it, until the connection ends. A certificate's names stand in it as they are. */
    private static String answered(TestEdge edge, List<byte[]> records) throws IOException {
        try (RawClient client = new RawClient(edge.tlsPort())) {
            sendUntilCut(client, records);
            return client.readToEndOrReset();
        }
    }

    private static void sendUntilCut(RawClient client, List<byte[]> records) throws IOException {
        try {
            for (byte[] record : records) {
                client.send(record);
            }
            client.shutdownOutput();
        } catch (SocketException e) {
            // Not all of it is read, and the connection may end first.
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
    @EnumSource(TlsProvider.class)
    void a_hello_is_read_however_it_is_cut(TlsProvider provider) throws Exception {
        try (TestEdge edge = edge(provider)) {
            ClientHello hello = new ClientHello().name("partner.test").padded(900);
            List<byte[]> bytes = new ArrayList<>();
            for (byte b : hello.records(RECORD).get(0)) {
                bytes.add(new byte[] {b});
            }

            assertThat(answered(edge, bytes)).as("in a thousand pieces").contains("partner.test");
            assertThat(answered(edge, hello.records(1)))
                    .as("in a thousand records")
                    .contains("partner.test");
            assertThat(answered(
                            edge,
                            new ClientHello()
                                    .name("partner.test")
                                    .padded(15_000)
                                    .records(RECORD)))
                    .as("as long as it may be")
                    .contains("partner.test");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void a_hello_of_64_kibibytes_is_not_read_to_its_end(TlsProvider provider) throws Exception {
        try (TestEdge edge = edge(provider)) {
            assertThat(answered(
                            edge,
                            new ClientHello()
                                    .name("partner.test")
                                    .padded(65_000)
                                    .records(RECORD)))
                    .isEmpty();

            Await.until(() -> refused(edge, "not-tls") == 1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PARTNER.test, partner.test",
        "unknown.test, bank.test",
        "127.0.0.1, bank.test",
        "partner.test.evil.test, bank.test"
    })
    void a_name_is_found_in_any_case_and_one_that_nobody_has_gets_the_first_certificate(String name, String shown)
            throws Exception {
        for (TlsProvider provider : TlsProvider.values()) {
            if (provider == TlsProvider.JDK || TlsProvider.best() == provider) {
                try (TestEdge edge = edge(provider)) {
                    assertThat(answered(edge, new ClientHello().name(name).records(RECORD)))
                            .as("%s", provider)
                            .contains(shown);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void a_name_with_the_dot_at_its_end_is_that_name(TlsProvider provider) throws Exception {
        try (TestEdge edge = edge(provider)) {
            String answer =
                    answered(edge, new ClientHello().name("Partner.test.").records(RECORD));

            // The JDK's own TLS refuses it: by RFC 6066, 3, there is none.
            assertThat(answer.contains("partner.test")).isEqualTo(provider == TlsProvider.BORINGSSL);
            assertThat(answer).doesNotContain("bank.test");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void a_name_that_is_none_shows_no_certificate_of_that_name(TlsProvider provider) throws Exception {
        try (TestEdge edge = edge(provider)) {
            for (ClientHello hello : List.of(
                    new ClientHello().name("a".repeat(300)),
                    new ClientHello().name("partner.test\0.evil.test"),
                    new ClientHello().name("partner.test\0"),
                    new ClientHello().name(""),
                    new ClientHello().name("partner.test", "bank.test"))) {
                assertThat(answered(edge, hello.records(RECORD))).doesNotContain("bank.test", "partner.test");
            }
            Await.until(() -> refused(edge, "tls-handshake") + refused(edge, "not-tls") == 5);
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void versions_of_the_last_century_are_refused_by_an_alert(TlsProvider provider) throws Exception {
        try (TestEdge edge = edge(provider)) {
            for (int minor = 0; minor < 3; minor++) {
                // An alert (21), fatal (2): protocol_version (70).
                assertThat(answered(
                                edge,
                                new ClientHello()
                                        .name("bank.test")
                                        .version(minor)
                                        .records(RECORD)))
                        .startsWith("\u0015")
                        .endsWith("\u0002F");
            }
            Await.until(() -> refused(edge, "tls-handshake") == 3);
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void who_speaks_http_without_tls_is_told_in_http(TlsProvider provider) throws Exception {
        try (TestEdge edge = edge(provider)) {
            for (String request : List.of(GET, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok")) {
                assertThat(RawClient.exchange(edge.tlsPort(), request))
                        .startsWith("HTTP/1.1 400 Bad Request\r\n")
                        .contains("\r\nConnection: close\r\n")
                        .endsWith("\r\n\r\nThis port speaks TLS, and the request came without it: ask by https://\n");
            }
            assertThat(refused(edge, "not-tls")).isEqualTo(2);
            assertThat(upstream.requests()).isEmpty();
            Await.until(() -> edge.plane().drain(Duration.ZERO));
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void a_client_may_not_shake_hands_again_on_its_connection(TlsProvider provider) throws Exception {
        try (TestEdge edge = edge(provider);
                SSLSocket socket =
                        (SSLSocket) ca.trusted().getSocketFactory().createSocket("127.0.0.1", edge.tlsPort())) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.setSoTimeout(20_000);
            socket.startHandshake();
            ask(socket);
            ask(socket);

            assertThatThrownBy(() -> {
                        socket.startHandshake();
                        ask(socket);
                    })
                    .isInstanceOf(IOException.class);
            assertThat(upstream.requests()).hasSize(2);
        }
    }

    private static void ask(SSLSocket socket) throws IOException {
        socket.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
        StringBuilder answer = new StringBuilder();
        while (!answer.toString().endsWith("\r\n\r\nok")) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("closed");
            }
            answer.append((char) next);
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void two_hundred_that_never_finish_their_hello_hold_up_nobody_and_are_gone_in_time(TlsProvider provider)
            throws Exception {
        byte[] hello = new ClientHello().name("bank.test").records(RECORD).get(0);
        List<RawClient> slow = new ArrayList<>();
        try (TestEdge edge = edge(provider, Duration.ofSeconds(2))) {
            try {
                for (int i = 0; i < 200; i++) {
                    RawClient client = new RawClient(edge.tlsPort());
                    client.send(Arrays.copyOf(hello, i % (hello.length - 1)));
                    slow.add(client);
                }
                try (SSLSocket socket =
                        (SSLSocket) ca.trusted().getSocketFactory().createSocket("127.0.0.1", edge.tlsPort())) {
                    ask(socket);
                }
                for (RawClient client : slow) {
                    client.readToEndOrReset();
                }
                assertThat(refused(edge, "tls-timeout")).isEqualTo(200);
            } finally {
                for (RawClient client : slow) {
                    client.close();
                }
            }
        }
    }
}
