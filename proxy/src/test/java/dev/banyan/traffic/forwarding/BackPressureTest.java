package dev.banyan.traffic.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.testing.Await;
import dev.banyan.testing.Bytes;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Who reads slowly makes the other side wait, and costs a bounded buffer. */
class BackPressureTest {
    private static final long LARGE_BYTES = 200L << 20;

    private static final byte[] PIECE = new byte[64 * 1024];

    @Test
    void a_client_that_does_not_read_stops_a_fast_upstream() throws Exception {
        AtomicLong written = new AtomicLong();
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + LARGE_BYTES + "\r\n\r\n");
                    for (long left = LARGE_BYTES; left > 0; left -= PIECE.length) {
                        connection.output().write(PIECE);
                        written.addAndGet(PIECE.length);
                    }
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port(), 16 * 1024)) {

            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            client.readHead();
            long stoppedAt = Await.standstillOf(written);

            assertThat(stoppedAt).isLessThan(Bytes.MOST_UNDER_WAY);
            assertThat(drained(client.input())).isEqualTo(LARGE_BYTES);
        }
    }

    @Test
    void an_upstream_that_does_not_read_stops_a_fast_client() throws Exception {
        CountDownLatch mayRead = new CountDownLatch(1);
        AtomicLong received = new AtomicLong();
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    Await.uninterruptibly(mayRead);
                    byte[] piece = new byte[256 * 1024];
                    while (received.get() < LARGE_BYTES) {
                        received.addAndGet(connection.input().read(piece));
                    }
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {
            AtomicLong sent = new AtomicLong();
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + LARGE_BYTES + "\r\n\r\n");
            Thread sender = new Thread(() -> {
                try {
                    for (long left = LARGE_BYTES; left > 0; left -= PIECE.length) {
                        client.socket().getOutputStream().write(PIECE);
                        sent.addAndGet(PIECE.length);
                    }
                } catch (IOException e) {
                    sent.set(-1);
                }
            });
            sender.start();
            long stoppedAt = Await.standstillOf(sent);
            mayRead.countDown();

            assertThat(stoppedAt).isBetween(1L, Bytes.MOST_UNDER_WAY);
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK\r\n");
            assertThat(received).hasValue(LARGE_BYTES);
        }
    }

    @Test
    void the_end_of_an_answer_waits_for_a_slow_client_before_the_connection_is_closed() throws Exception {
        for (String version : new String[] {"1.0", "1.1"}) {
            try (RawUpstream rails = RawUpstream.running(connection -> {
                        connection.readHead();
                        connection.write("HTTP/1.1 200 OK\r\n\r\n");
                        for (int i = 0; i < 128; i++) {
                            connection.output().write(PIECE);
                        }
                    });
                    TestEdge edge = TestEdge.forwardingTo(rails.port());
                    RawClient client = new RawClient(edge.port(), 16 * 1024)) {

                client.send("GET / HTTP/" + version + "\r\nHost: a\r\nConnection: close\r\n\r\n");
                client.readHead();
                String body = client.readToEnd();

                if (version.equals("1.0")) {
                    assertThat(body).hasSize(128 * PIECE.length);
                } else {
                    assertThat(body).endsWith("\r\n0\r\n\r\n");
                }
            }
        }
    }

    @Test
    void an_upstream_connection_that_a_slow_client_has_stopped_serves_the_next_client() throws Exception {
        for (int size : new int[] {10_000, 30_000, 60_000}) {
            AtomicLong answered = new AtomicLong();
            try (RawUpstream rails = RawUpstream.running(connection -> {
                        while (!connection.readHead().isEmpty()) {
                            connection.write(
                                    "HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n" + "x".repeat(size));
                            answered.incrementAndGet();
                        }
                    });
                    TestEdge edge = TestEdge.forwardingTo(rails.port());
                    RawClient slow = new RawClient(edge.port(), 8 * 1024)) {

                slow.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n".repeat(1000));
                Await.standstillOf(answered);

                for (int i = 0; i < 4; i++) {
                    String answer =
                            RawClient.exchange(edge.port(), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
                    assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").endsWith("x".repeat(size));
                }
            }
        }
    }

    private static long drained(InputStream in) throws IOException {
        byte[] piece = new byte[256 * 1024];
        long all = 0;
        for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
            all += n;
        }
        return all;
    }
}
