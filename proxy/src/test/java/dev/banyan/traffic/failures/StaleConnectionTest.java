package dev.banyan.traffic.failures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A pooled connection that its upstream closes just when it is used again (puma does at 20 s of idleness). */
class StaleConnectionTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    /** Answers the first request of a connection, takes the second, and closes without a byte. */
    private static RawUpstream closingAtTheSecond(AtomicInteger closedAtSecond, boolean reset) throws IOException {
        return RawUpstream.running(connection -> {
            connection.readHead();
            connection.write(OK);
            connection.readHead();
            closedAtSecond.incrementAndGet();
            if (reset) {
                connection.reset();
            }
        });
    }

    private static void getSucceedsByOneRetry(boolean reset) throws IOException {
        AtomicInteger closed = new AtomicInteger();
        try (RawUpstream rails = closingAtTheSecond(closed, reset);
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            for (int i = 0; i < 5; i++) {
                client.send("GET /" + i + " HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.readHead()).as("request " + i).startsWith("HTTP/1.1 200 OK\r\n");
                assertThat(client.read(2)).isEqualTo("ok");
            }
            assertThat(rails.heads()).hasSize(5 + closed.get());
        }
    }

    @Test
    void a_get_succeeds_by_one_retry() throws IOException {
        getSucceedsByOneRetry(false);
        getSucceedsByOneRetry(true);
    }

    @Test
    void a_post_runs_at_most_once() throws IOException {
        AtomicInteger closed = new AtomicInteger();
        try (RawUpstream rails = closingAtTheSecond(closed, false);
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            for (int i = 0; i < 6; i++) {
                client.send("POST /" + i + " HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
                String head = client.readHead();
                client.read(Integer.parseInt(head.replaceAll("(?s).*Content-Length: (\\d+).*", "$1")));
            }
            for (int i = 0; i < 6; i++) {
                String start = "POST /" + i + " ";
                assertThat(rails.heads())
                        .filteredOn(head -> head.startsWith(start))
                        .hasSize(1);
            }
        }
    }

    @Test
    void a_get_on_a_new_connection_is_not_sent_again() throws IOException {
        try (RawUpstream rails = RawUpstream.running(RawUpstream.Connection::readHead);
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(client.readHead()).startsWith("HTTP/1.1 502 Bad Gateway\r\n");
            assertThat(rails.heads()).hasSize(1);
        }
    }

    @Test
    void a_get_that_got_a_byte_is_not_sent_again() throws IOException {
        AtomicInteger requests = new AtomicInteger();
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    while (!connection.readHead().isEmpty()) {
                        if (requests.incrementAndGet() > 1) {
                            connection.write("H");
                            return;
                        }
                        connection.write(OK);
                    }
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
            client.readHead();
            client.read(2);
            client.send("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(client.readHead()).startsWith("HTTP/1.1 502 Bad Gateway\r\n");
            assertThat(requests).hasValue(2);
        }
    }

    @Test
    void connections_that_close_while_they_rest_are_never_noticed() throws IOException {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write(OK);
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            for (int i = 0; i < 200; i++) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.readHead()).as("request " + i).startsWith("HTTP/1.1 200 OK\r\n");
                client.read(2);
            }
        }
    }
}
