package dev.banyan.traffic.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Step;
import dev.banyan.testing.TestEdge;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The plain way of a request and its answer. */
class ForwardingTest {
    @Test
    void a_get_reaches_the_upstream_and_its_answer_the_client() throws Exception {
        try (RawUpstream rails = RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send(
                    "GET /x?y=1 HTTP/1.1\r\nHost: shop.test\r\nX-Request-Id: abc\r\nX_Forwarded_For: 6.6.6.6\r\n\r\n");
            String head = client.readHead();
            String body = client.read(5);

            assertThat(head)
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .contains("X-Banyan-Side: legacy\r\n")
                    .contains("Date: ");
            assertThat(body).isEqualTo("hello");
            assertThat(rails.heads())
                    .containsExactly("GET /x?y=1 HTTP/1.1\r\nHost: shop.test\r\nX-Forwarded-For: 127.0.0.1\r\n"
                            + "X-Forwarded-Proto: http\r\nX-Request-Id: abc\r\nVia: 1.1 banyan\r\n\r\n");
        }
    }

    @Test
    void pipelined_requests_are_answered_in_order_over_one_upstream_connection() throws Exception {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    for (String head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
                        String path = head.substring(5, 6);
                        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + path);
                    }
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send(
                    "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\nGET /3 HTTP/1.1\r\nHost: a\r\n\r\n");

            for (String expected : new String[] {"1", "2", "3"}) {
                client.readHead();
                assertThat(client.read(1)).isEqualTo(expected);
            }
            assertThat(rails.connections()).isEqualTo(1);
        }
    }

    @Test
    void a_chunked_answer_stays_chunked_and_keeps_its_trailers() throws Exception {
        try (RawUpstream rails = RawUpstream.answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "3\r\nabc\r\n10;x=y\r\n0123456789abcdef\r\n0\r\nX-Sum: 7\r\n\r\n");
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

            assertThat(client.readHead()).contains("Transfer-Encoding: chunked\r\n");
            // What comes at once goes on in one chunk or in several.
            String content = client.readToEnd();
            assertThat(content).endsWith("\r\n0\r\nX-Sum: 7\r\n\r\n").doesNotContain("x=y");
            assertThat(content.replaceAll("(^|\r\n)[0-9a-f]{1,2}\r\n", "")).startsWith("abc0123456789abcdef");
        }
    }

    @Test
    void a_posted_body_reaches_the_upstream_whatever_its_framing() throws Exception {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    String body = new String(connection.readBytes(5), StandardCharsets.US_ASCII);
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + body);
                    connection.readHead();
                    StringBuilder chunks = new StringBuilder();
                    while (!chunks.toString().endsWith("0\r\n\r\n")) {
                        chunks.append((char) connection.read());
                    }
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + chunks.length() + "\r\n\r\n" + chunks);
                    connection.readHead();
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\n01234");
            client.readHead();
            String fixed = client.read(5);
            client.send(
                    "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
            client.readHead();
            String chunked = client.read(13);

            assertThat(fixed).isEqualTo("01234");
            assertThat(chunked).isEqualTo("3\r\nabc\r\n0\r\n\r\n");
        }
    }

    @Test
    void the_client_gets_502_when_the_upstream_refuses_the_connection() throws Exception {
        int portNobodyListensOn;
        try (ServerSocket socket = new ServerSocket(0)) {
            portNobodyListensOn = socket.getLocalPort();
        }
        try (TestEdge edge = TestEdge.forwardingTo(portNobodyListensOn)) {

            String answer = RawClient.exchange(
                    edge.port(),
                    "GET /users/7 HTTP/1.1\r\nHost: a\r\nAccept: application/json\r\nConnection: close\r\n\r\n");

            assertThat(answer)
                    .startsWith("HTTP/1.1 502 Bad Gateway\r\n")
                    .contains("upstream rails refused the connection")
                    .contains("application/problem+json");
        }
    }

    @Test
    void an_answer_that_ends_with_its_connection_becomes_chunked() throws Exception {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\n\r\nto the end");
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

            assertThat(client.readToEnd()).endsWith("a\r\nto the end\r\n0\r\n\r\n");
        }
    }

    @Test
    void a_truncated_answer_never_looks_complete() throws Exception {
        try (Step seen = new Step();
                RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc");
                    seen.await();
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
            assertThat(client.read(8)).isEqualTo("3\r\nabc\r\n");
            seen.next();

            assertThat(client.readToEnd()).doesNotContain("0\r\n\r\n");
        }
    }
}
