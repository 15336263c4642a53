package dev.banyan.traffic.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.testing.Await;
import dev.banyan.testing.Gauges;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;

/** An upstream may answer before it has the whole request (RFC 9112, 9.3): the client hears it, and nothing is mixed up. */
class EarlyAnswerTest {
    private static final String REFUSAL = "HTTP/1.1 413 Too Large\r\nContent-Length: 5\r\n\r\nlarge";

    @Test
    void the_client_hears_it_while_it_is_still_sending() throws IOException {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write(REFUSAL);
                    connection.input().transferTo(OutputStream.nullOutputStream());
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nx");

            assertThat(client.readHead()).startsWith("HTTP/1.1 413 ").contains("\r\nConnection: close\r\n");
            assertThat(client.read(5)).isEqualTo("large");
            assertThat(client.read()).isEqualTo(-1);
            Await.until(() -> Gauges.open(edge) == 0);
        }
    }

    @Test
    void it_is_heard_although_the_upstream_closes_and_resets_after_it() throws IOException {
        for (int i = 0; i < 10; i++) {
            try (RawUpstream rails = RawUpstream.running(connection -> {
                        connection.readHead();
                        connection.write(REFUSAL);
                        // Closed with bytes of the request unread, so that the edge's next write is reset.
                    });
                    TestEdge edge = TestEdge.forwardingTo(rails.port());
                    RawClient client = new RawClient(edge.port())) {
                Thread sender = new Thread(() -> {
                    try {
                        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\n");
                        for (int sent = 0; sent < 500_000; sent += 50_000) {
                            client.send("x".repeat(50_000));
                        }
                    } catch (IOException e) {
                        // The edge may have closed: what counts is what was answered.
                    }
                });
                sender.start();

                assertThat(client.readHead()).startsWith("HTTP/1.1 413 ");
                assertThat(client.read(5)).isEqualTo("large");
            }
        }
    }

    @Test
    void answer_and_request_may_flow_at_the_same_time() throws IOException {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                    for (int i = 0; i < 3; i++) {
                        connection.readBytes(6); // 1 CR LF x CR LF
                        connection.write("4\r\nseen\r\n");
                    }
                    connection.readBytes(5);
                    connection.write("0\r\n\r\n");
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            client.readHead();
            for (int i = 0; i < 3; i++) {
                client.send("1\r\nx\r\n");
                assertThat(client.read(9)).isEqualTo("4\r\nseen\r\n");
            }
            client.send("0\r\n\r\n");

            assertThat(client.read(5)).isEqualTo("0\r\n\r\n");
        }
    }

    @Test
    void the_rest_of_the_body_is_never_taken_for_the_next_request() throws IOException {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    for (String head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
                        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    }
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nx");
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK\r\n").contains("\r\nConnection: close\r\n");
            client.read(2);
            client.send("GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(client.read()).isEqualTo(-1);
            assertThat(rails.heads()).hasSize(1);
        }
    }
}
