package dev.banyan.traffic.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Answers before the answer (RFC 9110, 15.2) pass through, to those who know them. */
class InterimAnswersTest {
    private static final String HINTS =
            "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nX-Banyan-Side: x\r\nConnection: x\r\n\r\n";
    private static final String FINAL = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @Test
    void several_pass_in_order_before_the_answer() throws IOException {
        try (RawUpstream rails = RawUpstream.answering("HTTP/1.1 102 Processing\r\n\r\n" + HINTS + HINTS + FINAL);
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            for (int i = 0; i < 2; i++) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.readHead()).isEqualTo("HTTP/1.1 102 Processing\r\n\r\n");
                assertThat(client.readHead())
                        .isEqualTo("HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n");
                assertThat(client.readHead())
                        .isEqualTo("HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n");
                assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK\r\n");
                assertThat(client.read(2)).isEqualTo("ok");
            }
            assertThat(rails.connections()).isEqualTo(1);
        }
    }

    @Test
    void one_is_seen_while_the_answer_is_still_being_made() throws IOException {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write(HINTS);
                    connection.awaitRead(); // the client has seen it, and goes on with its body
                    connection.write(FINAL);
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 103 Early Hints\r\n");
            client.send("x");

            assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    @Test
    void a_client_of_http_1_0_gets_none() throws IOException {
        try (RawUpstream rails = RawUpstream.answering("HTTP/1.1 100 Continue\r\n\r\n" + HINTS + FINAL);
                TestEdge edge = TestEdge.forwardingTo(rails.port())) {

            assertThat(RawClient.exchange(edge.port(), "GET / HTTP/1.0\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .endsWith("\r\n\r\nok");
        }
    }

    @Test
    void they_come_before_the_answer_to_head_too() throws IOException {
        try (RawUpstream rails = RawUpstream.answering(HINTS + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(client.readHead()).startsWith("HTTP/1.1 103 Early Hints\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }
}
