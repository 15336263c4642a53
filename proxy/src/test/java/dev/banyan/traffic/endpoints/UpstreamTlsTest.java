package dev.banyan.traffic.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.dataplane.listener.ListenerSettings;
import dev.banyan.dataplane.tls.CertificateFiles;
import dev.banyan.dataplane.tls.TlsProvider;
import dev.banyan.dataplane.tls.TlsSettings;
import dev.banyan.dataplane.wire.ClientTimeouts;
import dev.banyan.net.Networks;
import dev.banyan.routing.Endpoint;
import dev.banyan.routing.Flags;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Upstream;
import dev.banyan.testing.Await;
import dev.banyan.testing.Bytes;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestCertificate;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS to upstreams: verified, always, and the reason told when it is not accepted. */
class UpstreamTlsTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @TempDir
    private Path directory;

    private TestCertificate ca;
    private Path caFile;

    @BeforeEach
    void start() throws Exception {
        ca = TestCertificate.ca("ca");
        caFile = ca.writeCertificate(directory.resolve("ca.crt"));
    }

    /** One that shows a certificate and answers every request of every connection with the same bytes. */
    private static final class TlsUpstream implements AutoCloseable {
        private final SSLServerSocket server;
        private final List<String> namesAsked = new CopyOnWriteArrayList<>();
        private final String answer;

        TlsUpstream(TestCertificate shown, String answer) throws Exception {
            this.answer = answer;
            server = (SSLServerSocket)
                    shown.shown().getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
            Thread accepting = new Thread(this::accept, "tls-upstream");
            accepting.setDaemon(true);
            accepting.start();
        }

        int port() {
            return server.getLocalPort();
        }

        private void accept() {
            while (!server.isClosed()) {
                try (SSLSocket socket = (SSLSocket) server.accept()) {
                    serve(socket);
                } catch (IOException e) {
                    // The client did not like the certificate, or the test is over.
                }
            }
        }

        private void serve(SSLSocket socket) throws IOException {
            socket.startHandshake();
            ((ExtendedSSLSession) socket.getSession())
                    .getRequestedServerNames()
                    .forEach(name -> namesAsked.add(Bytes.text(name.getEncoded())));
            int newlines = 0;
            for (int b = socket.getInputStream().read();
                    b >= 0;
                    b = socket.getInputStream().read()) {
                newlines = b == '\n' ? newlines + 1 : b == '\r' ? newlines : 0;
                if (newlines == 2) {
                    socket.getOutputStream().write(Bytes.of(answer));
                    newlines = 0;
                    if (!answer.contains("Content-Length")) {
                        return;
                    }
                }
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    private static TestEdge edge(int port, Optional<Path> ca, Optional<String> serverName, Upstream.Address... address)
            throws IOException {
        return TestEdge.with(table(1, port, ca, serverName, address));
    }

    private static RoutingTable table(
            long revision, int port, Optional<Path> ca, Optional<String> serverName, Upstream.Address... address) {
        Upstream usual = Tables.upstream("rails", port);
        Upstream encrypted = new Upstream(
                "rails",
                address.length > 0 ? address[0] : new Upstream.Fixed(List.of(new Endpoint(true, "127.0.0.1", port))),
                usual.protocol(),
                new Upstream.Tls(ca, serverName),
                usual.balance(),
                usual.timeouts(),
                usual.keepAlive(),
                usual.limits(),
                usual.retries(),
                usual.breaker(),
                usual.health(),
                usual.outlier());
        return RoutingTable.of(revision, Tables.base(List.of(encrypted), List.of()), Flags.NONE);
    }

    private static String answer(TestEdge edge) throws IOException {
        return RawClient.exchange(edge.port(), GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
    }

    @Test
    void requests_go_to_it_over_one_connection_by_the_name_of_the_settings() throws Exception {
        try (TlsUpstream upstream = new TlsUpstream(ca.signs("accounts.internal"), OK);
                TestEdge edge = edge(upstream.port(), Optional.of(caFile), Optional.of("accounts.internal"))) {
            try (RawClient client = new RawClient(edge.port())) {
                for (int i = 0; i < 10; i++) {
                    client.send(GET);
                    assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
                    assertThat(client.read(2)).isEqualTo("ok");
                }
            }
            assertThat(upstream.namesAsked).containsExactly("accounts.internal");
        }
    }

    @Test
    void another_name_or_ca_in_the_table_holds_from_the_next_request_on() throws Exception {
        Path other = TestCertificate.ca("other").writeCertificate(directory.resolve("other.crt"));
        try (TlsUpstream upstream = new TlsUpstream(ca.signs("accounts.internal"), OK);
                TestEdge edge = edge(upstream.port(), Optional.of(other), Optional.of("accounts.internal"))) {
            assertThat(answer(edge)).startsWith("HTTP/1.1 502 ");

            edge.plane()
                    .putInForce(table(2, upstream.port(), Optional.of(caFile), Optional.of("transactions.internal")));
            assertThat(answer(edge)).startsWith("HTTP/1.1 502 ");

            edge.plane().putInForce(table(3, upstream.port(), Optional.of(caFile), Optional.of("accounts.internal")));
            assertThat(answer(edge)).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void an_address_is_verified_as_one_and_asked_for_by_no_name() throws Exception {
        try (TlsUpstream upstream = new TlsUpstream(ca.signs("127.0.0.1"), OK);
                TestEdge edge = edge(upstream.port(), Optional.of(caFile), Optional.empty())) {
            assertThat(answer(edge)).startsWith("HTTP/1.1 200 ");
            assertThat(upstream.namesAsked).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_name_that_is_resolved_is_the_one_that_is_verified(boolean anew) throws Exception {
        try (TlsUpstream upstream = new TlsUpstream(ca.signs("localhost"), OK)) {
            Endpoint name = new Endpoint(true, "localhost", upstream.port());
            Upstream.Address address = anew ? new Upstream.Dns(name) : new Upstream.Fixed(List.of(name));
            try (TestEdge edge = edge(upstream.port(), Optional.of(caFile), Optional.empty(), address)) {
                assertThat(answer(edge)).startsWith("HTTP/1.1 200 ");
                assertThat(upstream.namesAsked).contains("localhost");
            }
        }
    }

    private void refused(TestCertificate shown, Optional<Path> trusted, String serverName, String why)
            throws Exception {
        try (TlsUpstream upstream = new TlsUpstream(shown, OK);
                TestEdge edge = edge(upstream.port(), trusted, Optional.of(serverName))) {
            assertThat(answer(edge))
                    .startsWith("HTTP/1.1 502 ")
                    .contains("upstream rails " + why + " at 127.0.0.1:" + upstream.port());
        }
    }

    @Test
    void a_certificate_that_is_not_accepted_is_told_in_words() throws Exception {
        Instant yesterday = Instant.now().minus(1, ChronoUnit.DAYS);
        TestCertificate stranger = TestCertificate.ca("stranger").signs("a.internal");

        refused(
                ca.signsUntil(yesterday, "a.internal"),
                Optional.of(caFile),
                "a.internal",
                "shows a certificate that has expired");
        refused(stranger, Optional.of(caFile), "a.internal", "shows a certificate of a CA that is not trusted");
        refused(
                ca.signs("a.internal"),
                Optional.empty(),
                "a.internal",
                "shows a certificate of a CA that is not trusted");
        refused(ca.signs("b.internal"), Optional.of(caFile), "a.internal", "shows a certificate of another name");
    }

    @Test
    void who_speaks_no_tls_is_told() throws Exception {
        try (RawUpstream plain = RawUpstream.running(connection -> {
                    connection.read();
                    connection.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
                });
                TestEdge edge = edge(plain.port(), Optional.of(caFile), Optional.of("a.internal"))) {

            assertThat(answer(edge))
                    .startsWith("HTTP/1.1 502 ")
                    .contains("upstream rails does not speak TLS at 127.0.0.1:" + plain.port());
        }
    }

    @Test
    void a_handshake_that_stands_still_ends_with_the_time_for_connecting() throws Exception {
        try (RawUpstream silent = RawUpstream.running(connection -> {
                    while (connection.read() >= 0) {
                        // Says nothing.
                    }
                });
                TestEdge edge = edge(silent.port(), Optional.of(caFile), Optional.of("a.internal"))) {

            assertThat(answer(edge))
                    .startsWith("HTTP/1.1 502 ")
                    .contains("upstream rails did not finish the TLS handshake in time");
        }
    }

    private static Optional<String> problem(TestEdge edge) {
        return edge.plane().upstreams().of("rails").orElseThrow().problem();
    }

    @Test
    void new_cas_are_believed_without_a_restart_while_open_connections_stay() throws Exception {
        TestCertificate next = TestCertificate.ca("next");
        try (TlsUpstream before = new TlsUpstream(ca.signs("a.internal"), OK);
                TlsUpstream after = new TlsUpstream(next.signs("a.internal"), OK);
                TestEdge edge = looking(
                        before.port(), after.port(), "tls: { ca: \"%s\", server-name: a.internal }".formatted(caFile));
                RawClient open = new RawClient(edge.port())) {
            open.send(GET);
            assertThat(open.readHead()).startsWith("HTTP/1.1 200 ");
            assertThat(open.read(2)).isEqualTo("ok");
            assertThat(other(edge)).contains("shows a certificate of a CA that is not trusted");

            next.writeCertificate(caFile);

            Await.until(() -> other(edge).startsWith("HTTP/1.1 200 "));
            open.send(GET);
            assertThat(open.readHead()).startsWith("HTTP/1.1 200 ");
            assertThat(before.namesAsked).as("handshakes").hasSize(1);
            assertThat(problem(edge)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"half a certi", ""})
    void a_broken_file_of_cas_changes_nothing_and_is_told(String broken) throws Exception {
        String good = Files.readString(caFile);
        try (TlsUpstream upstream = new TlsUpstream(ca.signs("a.internal"), "HTTP/1.1 200 OK\r\n\r\nall of it");
                TestEdge edge = looking(
                        upstream.port(),
                        upstream.port(),
                        "tls: { ca: \"%s\", server-name: a.internal }".formatted(caFile))) {
            assertThat(answer(edge)).startsWith("HTTP/1.1 200 ");
            assertThat(problem(edge)).isEmpty();

            Files.writeString(caFile, broken);

            Await.until(() -> problem(edge).isPresent());
            assertThat(problem(edge).orElseThrow()).startsWith(caFile + ": ").contains("; fix: ");
            assertThat(answer(edge)).startsWith("HTTP/1.1 200 ");

            Files.delete(caFile);
            Await.until(() -> problem(edge).orElseThrow().startsWith(caFile + ": is not there"));
            Files.writeString(caFile, good);
            Await.until(() -> problem(edge).isEmpty());
            assertThat(answer(edge)).startsWith("HTTP/1.1 200 ");
        }
    }

    /** One that looks at files often, with a second upstream, that trusts the same, under /other. */
    private TestEdge looking(int rails, int other, String tls) throws Exception {
        TestCertificate front = ca.signs("front.test");
        CertificateFiles files = new CertificateFiles(
                front.writeCertificate(directory.resolve("front.crt")),
                front.writeKey(directory.resolve("front.key")),
                List.of());
        return TestEdge.with(
                Tables.of("""
                        default: rails
                        upstreams:
                          rails:
                            url: https://127.0.0.1:%d
                            %s
                          other:
                            url: https://127.0.0.1:%d
                            %s
                        routes:
                          other: { match: GET /other, modern: other, fallback: off }
                        """.formatted(rails, tls, other, tls)),
                new ListenerSettings(
                        Optional.of(TestEdge.anyPort()),
                        Optional.of(new TlsSettings(
                                TestEdge.anyPort(), List.of(files), Duration.ofMillis(50), TlsProvider.best())),
                        Networks.NONE,
                        false),
                ClientTimeouts.DEFAULT);
    }

    private static String other(TestEdge edge) throws IOException {
        return RawClient.exchange(
                edge.port(), GET.replace("GET /", "GET /other").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
    }

    @Test
    void a_ca_file_that_cannot_be_used_is_named() throws Exception {
        Path empty = Files.writeString(directory.resolve("empty.crt"), "");
        try (TlsUpstream upstream = new TlsUpstream(ca.signs("a.internal"), OK);
                TestEdge edge = edge(upstream.port(), Optional.of(empty), Optional.of("a.internal"))) {

            assertThat(answer(edge))
                    .startsWith("HTTP/1.1 502 ")
                    .contains("upstream rails cannot be verified at 127.0.0.1:" + upstream.port() + ": " + empty
                            + ": has no certificate in it; fix: ");
            assertThat(problem(edge)).isPresent();
        }
    }

    @Test
    void an_answer_that_ends_with_the_connection_is_whole_with_close_notify() throws Exception {
        try (TlsUpstream upstream = new TlsUpstream(ca.signs("a.internal"), "HTTP/1.1 200 OK\r\n\r\nall of it");
                TestEdge edge = edge(upstream.port(), Optional.of(caFile), Optional.of("a.internal"))) {

            assertThat(answer(edge)).startsWith("HTTP/1.1 200 ").endsWith("9\r\nall of it\r\n0\r\n\r\n");
        }
    }

    @Test
    void it_is_not_whole_without() throws Exception {
        try (TlsUpstream upstream = new TlsUpstream(ca.signs("a.internal"), "HTTP/1.1 200 OK\r\n\r\nall of it");
                CuttingRelay relay = new CuttingRelay(upstream.port());
                TestEdge edge = edge(relay.port(), Optional.of(caFile), Optional.of("a.internal"))) {

            assertThat(answer(edge)).doesNotContain("\r\n0\r\n\r\n");
        }
    }

    /** Somebody on the way who ends the connection before the upstream's last record, its close_notify, has passed. */
    private static final class CuttingRelay implements AutoCloseable {
        private final RawUpstream raw;

        CuttingRelay(int to) throws IOException {
            raw = RawUpstream.running(connection -> {
                try (RawClient upstream = new RawClient(to)) {
                    Thread there = new Thread(() -> copyRequest(connection, upstream));
                    there.setDaemon(true);
                    there.start();
                    copyAllButTheLastRecord(upstream, connection);
                }
            });
        }

        private static void copyRequest(RawUpstream.Connection from, RawClient to) {
            try {
                for (int b = from.read(); b >= 0; b = from.read()) {
                    to.send(new byte[] {(byte) b});
                }
            } catch (IOException e) {
                // Over.
            }
        }

        private static void copyAllButTheLastRecord(RawClient from, RawUpstream.Connection to) throws IOException {
            byte[] held = new byte[0];
            try {
                for (byte[] head = from.input().readNBytes(5);
                        head.length == 5;
                        head = from.input().readNBytes(5)) {
                    to.write(Bytes.text(held));
                    byte[] body = from.input().readNBytes((head[3] & 0xff) << 8 | head[4] & 0xff);
                    held = Bytes.of(Bytes.text(head) + Bytes.text(body));
                    if (head[0] != 23) {
                        to.write(Bytes.text(held));
                        held = new byte[0];
                    }
                }
            } catch (SocketException e) {
                // The last has come.
            }
        }

        int port() {
            return raw.port();
        }

        @Override
        public void close() throws IOException {
            raw.close();
        }
    }
}
