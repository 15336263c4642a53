package dev.banyan.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;

/** Who reads slowly makes the other side wait, and costs a bounded buffer. */
class BackPressureTest {
    private static final long LARGE_BYTES = 200L << 20;

    /** What the kernel's buffers of two loopback connections may take, and ours. */
    static final long BOUND_BYTES = 24L << 20;

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
            long stoppedAt = whenItStops(written);

            assertThat(stoppedAt).isLessThan(BOUND_BYTES);
            assertThat(drained(client.input())).isEqualTo(LARGE_BYTES);
        }
    }

    @Test
    void an_upstream_that_does_not_read_stops_a_fast_client() throws Exception {
        CountDownLatch mayRead = new CountDownLatch(1);
        AtomicLong received = new AtomicLong();
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    PipeliningTest.awaitUninterruptibly(mayRead);
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
            long stoppedAt = whenItStops(sent);
            mayRead.countDown();

            assertThat(stoppedAt).isBetween(1L, BOUND_BYTES);
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
                whenItStops(answered);

                for (int i = 0; i < 4; i++) {
                    String answer =
                            RawClient.exchange(edge.port(), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
                    assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").endsWith("x".repeat(size));
                }
            }
        }
    }

    static long whenItStops(AtomicLong counter) {
        long before = -1;
        while (counter.get() > before) {
            before = counter.get();
            long seen = before;
            try {
                Await.untilWithin(Duration.ofMillis(700), () -> counter.get() > seen);
            } catch (ConditionTimeoutException e) {
                return before;
            }
        }
        return before;
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
