package dev.banyan.traffic.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.dataplane.listener.ListenerSettings;
import dev.banyan.dataplane.tls.CertificateFiles;
import dev.banyan.dataplane.tls.TlsProvider;
import dev.banyan.dataplane.tls.TlsSettings;
import dev.banyan.dataplane.wire.ClientTimeouts;
import dev.banyan.net.Networks;
import dev.banyan.testing.AbuseTarget;
import dev.banyan.testing.Await;
import dev.banyan.testing.FramePeer;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestCertificate;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A byte that costs its sender six costs us no more than that. */
class TinyPiecesTest {
    private static final long MUCH_BYTES = 32L << 20;
    private static final int MANY = 2_000;
    private static final String TINY = "1\r\nx\r\n".repeat(MANY);
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n\r\n";

    @TempDir
    private Path directory;

    @Test
    void tiny_chunks_of_a_request_that_came_together_leave_together() throws Exception {
        BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    bodies.add(connection.readHead()); // until the empty line behind the last chunk
                    connection.write("HTTP/1.1 204 No Content\r\n\r\n");
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n" + CHUNKED);
            Await.until(() -> !rails.heads().isEmpty());
            client.send(TINY + "0\r\n\r\n");

            assertThat(client.readHead()).startsWith("HTTP/1.1 204 ");
            assertFewChunksOf(MANY, bodies.take());
        }
    }

    @Test
    void tiny_chunks_of_an_answer_that_came_together_leave_together() throws Exception {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\n" + CHUNKED + TINY + "0\r\n\r\n");
                    connection.readHead();
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
            assertFewChunksOf(MANY, client.readHead());
        }
    }

    /** Each may begin with the rest of a read of ours. */
    private static void assertFewChunksOf(int bytes, String body) {
        assertThat(body.replaceAll("[0-9a-f]+\r\n|\r\n", "")).isEqualTo("x".repeat(bytes));
        assertThat(body.lines().filter(line -> line.matches("[0-9a-f]+")).count())
                .isLessThan(bytes / 20);
    }

    /** Netty's TLS handler keeps all that comes once we have said goodbye; a client could fill our memory with it. */
    @ParameterizedTest
    @EnumSource
    void who_goes_on_sending_after_our_last_words_over_tls_is_cut(TlsProvider provider) throws Exception {
        TestCertificate ca = TestCertificate.ca("ca");
        TestCertificate own = ca.signs("localhost");
        CertificateFiles files = new CertificateFiles(
                own.writeCertificate(directory.resolve("own.crt")),
                own.writeKey(directory.resolve("own.key")),
                List.of());
        Duration never = Duration.ofHours(1);
        try (RawUpstream rails = RawUpstream.answering("HTTP/1.1 204 No Content\r\n\r\n");
                TestEdge edge = TestEdge.with(
                        Tables.onlyDefault(rails.port()),
                        new ListenerSettings(
                                Optional.of(TestEdge.anyPort()),
                                Optional.of(new TlsSettings(
                                        TestEdge.anyPort(), List.of(files), Duration.ofMinutes(1), provider)),
                                Networks.NONE,
                                false),
                        new ClientTimeouts(never, never, never, never));
                AbuseTarget target = new AbuseTarget(edge.tlsPort(), ca.trusted());
                FramePeer client = target.http2(4096)) {

            assertThat(bytesTaken(client)).isLessThan(MUCH_BYTES);
        }
    }

    private static long bytesTaken(FramePeer client) throws IOException {
        byte[] pings = FramePeer.times(1000, FramePeer.bytes(FramePeer.PING, 0, 0, new byte[8]));
        long taken = 0;
        try {
            while (taken < MUCH_BYTES) {
                client.send(pings);
                taken += pings.length;
            }
        } catch (SocketException e) {
            return taken; // cut
        }
        return taken;
    }
}
