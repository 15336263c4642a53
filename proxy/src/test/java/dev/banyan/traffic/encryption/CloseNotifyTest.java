package dev.banyan.traffic.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.banyan.dataplane.tls.TlsProvider;
import dev.banyan.testing.Await;
import dev.banyan.testing.Bytes;
import dev.banyan.testing.FaultProxy;
import dev.banyan.testing.FaultProxy.Fault;
import dev.banyan.testing.Gauges;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.RawUpstream.Script;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestCertificate;
import dev.banyan.testing.TestEdge;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who speaks TLS ends what it says by close_notify (RFC 8446, 6.1). The connection below it may end later; here it never does. */
@Timeout(60)
class CloseNotifyTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @TempDir
    private Path directory;

    private TestCertificate ca;

    @BeforeEach
    void issue() throws Exception {
        ca = TestCertificate.ca("ca");
    }

    private RawUpstream upstream(Script script) throws Exception {
        return RawUpstream.encrypted(ca.signs("localhost"), script);
    }

    private TestEdge edge(FaultProxy between) throws Exception {
        return TestEdge.with(
                Tables.of("""
                default: rails
                upstreams:
                  rails: { url: "https://localhost:%d", tls: { ca: %s } }
                """.formatted(between.port(), ca.writeCertificate(directory.resolve("ca.crt")))));
    }

    @Test
    void a_connection_that_the_upstream_has_ended_gets_no_more_requests() throws Exception {
        AtomicInteger ended = new AtomicInteger();
        try (RawUpstream rails = upstream(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    connection.shutdownOutput();
                    ended.incrementAndGet();
                    connection.input().readAllBytes();
                });
                FaultProxy between = FaultProxy.to(rails.port()).answers(Fault.withoutEnd());
                TestEdge edge = edge(between);
                RawClient client = new RawClient(edge.port())) {

            for (int i = 1; i <= 3; i++) {
                int answers = i;
                client.send(GET);
                assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK\r\n");
                assertThat(client.read(2)).isEqualTo("ok");
                Await.until(() -> ended.get() == answers && Gauges.open(edge) == 0);
            }

            assertThat(between.connections()).isEqualTo(3);
        }
    }

    @Test
    void an_answer_that_ends_with_its_connection_is_whole_at_close_notify() throws Exception {
        try (RawUpstream rails = upstream(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\n\r\nall of it");
                    connection.shutdownOutput();
                    connection.input().readAllBytes();
                });
                FaultProxy between = FaultProxy.to(rails.port()).answers(Fault.withoutEnd());
                TestEdge edge = edge(between);
                RawClient client = new RawClient(edge.port())) {

            client.send(GET);

            assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK\r\n");
            assertThat(client.read(19)).isEqualTo("9\r\nall of it\r\n0\r\n\r\n");
        }
    }

    @Test
    void an_upstream_that_ends_before_its_answer_gives_502() throws Exception {
        try (RawUpstream rails = upstream(connection -> {
                    connection.readHead();
                    connection.shutdownOutput();
                    connection.input().readAllBytes();
                });
                FaultProxy between = FaultProxy.to(rails.port()).answers(Fault.withoutEnd());
                TestEdge edge = edge(between);
                RawClient client = new RawClient(edge.port())) {

            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");

            assertThat(client.readHead()).startsWith("HTTP/1.1 502 Bad Gateway\r\n");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void a_client_that_has_ended_is_gone_and_frees_its_upstream(TlsProvider provider) throws Exception {
        assumeTrue(provider == TlsProvider.JDK || TlsProvider.best() == provider, "BoringSSL is not there");
        CompletableFuture<Integer> freed = new CompletableFuture<>();
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    freed.complete(connection.read());
                });
                TestEdge edge = TestEdge.encrypted(
                        Tables.of("""
                                default: rails
                                upstreams:
                                  rails: { url: "http://127.0.0.1:%d", timeouts: { response: 10m } }
                                """.formatted(rails.port())), provider, ca.signs("localhost"), directory);
                FaultProxy between = FaultProxy.to(edge.tlsPort()).requests(Fault.withoutEnd());
                SSLSocket client =
                        (SSLSocket) ca.trusted().getSocketFactory().createSocket("127.0.0.1", between.port())) {

            client.getOutputStream().write(Bytes.of(GET));
            Await.until(() -> rails.heads().size() == 1);
            client.shutdownOutput();

            assertThat(freed.get(30, TimeUnit.SECONDS)).isEqualTo(-1);
            Await.until(() -> Gauges.open(edge) == 0);
        }
    }
}
