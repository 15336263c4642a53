package dev.banyan.traffic.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a client's connection stays open (RFC 9112, 9.3), and what a client of HTTP/1.0 gets. */
class PersistenceTest {
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n";
    private static final String COUNTED = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: x, close\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, close\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: x\r\nConnection: close\r\n\r\n",
                "GET / HTTP/1.0\r\n\r\n",
                "GET / HTTP/1.0\r\nConnection: close\r\n\r\n",
                "GET / HTTP/1.0\r\nConnection: closed\r\n\r\n"
            })
    void it_is_closed_after_the_answer_when_the_client_does_not_keep_it(String request) throws IOException {
        try (RawUpstream rails = RawUpstream.answering(COUNTED);
                TestEdge edge = TestEdge.forwardingTo(rails.port())) {

            String answer = RawClient.exchange(edge.port(), request + "GET /next HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(answer).contains("\r\nConnection: close\r\n").endsWith("\r\n\r\nok");
            assertThat(rails.heads()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: closed\r\n\r\n",
                "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
                "GET / HTTP/1.0\r\nConnection: Keep-Alive, x\r\n\r\n"
            })
    void it_is_kept_where_the_client_keeps_it(String request) throws IOException {
        try (RawUpstream rails = RawUpstream.answering(COUNTED);
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            for (int i = 0; i < 3; i++) {
                client.send(request);
                String head = client.readHead();
                assertThat(head).startsWith("HTTP/1.1 200 OK\r\n").doesNotContain("close");
                assertThat(head.contains("\r\nConnection: keep-alive\r\n")).isEqualTo(request.contains("HTTP/1.0"));
                assertThat(client.read(2)).isEqualTo("ok");
            }
            assertThat(rails.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"})
    void an_answer_to_http_1_0_is_never_chunked(String request) throws IOException {
        try (RawUpstream rails = RawUpstream.answering(CHUNKED);
                TestEdge edge = TestEdge.forwardingTo(rails.port())) {

            String answer = RawClient.exchange(edge.port(), request);

            assertThat(answer)
                    .doesNotContain("Transfer-Encoding", "Content-Length")
                    .contains("\r\nConnection: close\r\n")
                    .endsWith("\r\n\r\nok");
            assertThat(rails.heads().get(0)).startsWith("GET / HTTP/1.1\r\n").doesNotContain("onnection");
        }
    }

    @Test
    void an_upstream_that_closes_does_not_close_the_clients_connection() throws IOException {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            for (int i = 0; i < 3; i++) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.readHead()).doesNotContain("close");
                assertThat(client.read(2)).isEqualTo("ok");
            }
            assertThat(rails.connections()).isEqualTo(3);
        }
    }

    @Test
    void an_upstream_of_http_1_0_is_asked_once_a_connection() throws IOException {
        try (RawUpstream rails = RawUpstream.answering("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok");
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            for (int i = 0; i < 3; i++) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK\r\n");
                assertThat(client.read(2)).isEqualTo("ok");
            }
            assertThat(rails.connections()).isEqualTo(3);
        }
    }
}
