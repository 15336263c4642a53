package dev.banyan.traffic.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.testing.Await;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A client that goes away frees its request at the upstream within a second. */
class ClientGoneTest {
    private static final Duration SOON = Duration.ofSeconds(1);

    /** An upstream that says {@code first} after the head and then waits for the end of the connection. */
    private static RawUpstream waiting(String first, AtomicInteger freed) throws IOException {
        return RawUpstream.running(connection -> {
            connection.readHead();
            connection.write(first);
            try {
                while (connection.read() >= 0) {
                    // what comes of a body
                }
            } finally {
                freed.incrementAndGet();
            }
        });
    }

    private static void goneAfter(String request, String answerSoFar, boolean reset) throws IOException {
        AtomicInteger freed = new AtomicInteger();
        try (RawUpstream rails = waiting(answerSoFar, freed);
                TestEdge edge = TestEdge.forwardingTo(rails.port())) {
            try (RawClient client = new RawClient(edge.port())) {
                client.send(request);
                Await.until(() -> rails.heads().size() == 1);
                if (!answerSoFar.isEmpty()) {
                    client.readHead();
                }
                if (reset) {
                    client.socket().setSoLinger(true, 0);
                }
            }

            Await.untilWithin(SOON, () -> freed.get() == 1);
            assertThat(rails.connections()).isEqualTo(1);
        }
    }

    @Test
    void before_the_answer() throws IOException {
        goneAfter("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "", false);
        goneAfter("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "", true);
    }

    @Test
    void within_the_answer() throws IOException {
        goneAfter("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nx", false);
        goneAfter("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nx", true);
    }

    @Test
    void within_its_own_body() throws IOException {
        goneAfter("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nx", "", false);
        goneAfter("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nx", "", true);
    }

    @Test
    void with_another_request_already_sent() throws IOException {
        goneAfter("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n", "", false);
        goneAfter("GET / HTTP/1.1\r\nHost: a\r\n\r\n" + "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n".repeat(5000), "", true);
    }

    @Test
    void while_the_answer_was_too_fast_for_it() throws IOException {
        AtomicInteger freed = new AtomicInteger();
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    try {
                        connection.write("HTTP/1.1 200 OK\r\n\r\n");
                        byte[] piece = new byte[64 * 1024];
                        while (true) {
                            connection.output().write(piece);
                        }
                    } finally {
                        freed.incrementAndGet();
                    }
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port())) {
            try (RawClient client = new RawClient(edge.port(), 8 * 1024)) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                client.readHead();
            }

            Await.untilWithin(SOON, () -> freed.get() == 1);
        }
    }
}
