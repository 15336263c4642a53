package dev.banyan.traffic.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.testing.Await;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Step;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Answers that stay open: each piece reaches the client when it comes, not when the answer ends. */
@Timeout(60)
class StreamedAnswersTest {
    private static final String GET = "GET /events HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n";

    @Test
    void each_server_sent_event_arrives_before_the_next_is_sent() throws IOException {
        String head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
        String event = "data: hello\n\n";
        String chunk = "d\r\n" + event + "\r\n";
        try (Step seen = new Step();
                RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write(head);
                    for (int i = 0; i < 3; i++) {
                        seen.await();
                        connection.write(chunk);
                    }
                    seen.await();
                    connection.write("0\r\n\r\n");
                    connection.readHead();
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send(GET);
            assertThat(client.readHead()).contains("\r\nContent-Type: text/event-stream\r\n");
            for (int i = 0; i < 3; i++) {
                seen.next();
                assertThat(client.read(chunk.length())).isEqualTo(chunk);
            }
            seen.next();
            assertThat(client.read(5)).isEqualTo("0\r\n\r\n");
        }
    }

    @Test
    void an_event_of_unknown_end_arrives_though_the_upstream_keeps_its_connection_open() throws IOException {
        try (Step seen = new Step();
                RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n");
                    seen.await();
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send(GET);

            assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK\r\n");
            assertThat(client.read(14)).isEqualTo("9\r\ndata: 1\n\n\r\n");
            seen.next();
            assertThat(client.read(5)).isEqualTo("0\r\n\r\n");
        }
    }

    @Test
    void a_long_poll_waits_for_its_answer_and_the_connection_serves_the_next() throws IOException {
        try (Step asked = new Step();
                RawUpstream rails = RawUpstream.running(connection -> {
                    while (!connection.readHead().isEmpty()) {
                        asked.await();
                        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nnew");
                    }
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            for (int i = 1; i <= 2; i++) {
                int polls = i;
                client.send("GET /poll HTTP/1.1\r\nHost: a\r\n\r\n");
                Await.until(() -> rails.heads().size() == polls);
                asked.next();
                assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK\r\n");
                assertThat(client.read(3)).isEqualTo("new");
            }
            assertThat(rails.connections()).isEqualTo(1);
        }
    }
}
