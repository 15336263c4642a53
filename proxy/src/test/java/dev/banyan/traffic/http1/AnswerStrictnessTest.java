package dev.banyan.traffic.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.testing.Await;
import dev.banyan.testing.Gauges;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An upstream's answers are read as strictly as requests: what is wrong with one reaches no client, and no later answer. */
class AnswerStrictnessTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String GOOD = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood";

    /** Its body is how a test says that it has seen something of the answer. */
    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

    private static final String CHUNKED_HELLO = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n";

    /** The first request of all gets {@code bad}, the others a good answer, on whatever connection they come. */
    private static RawUpstream upstreamThatOnceAnswers(String bad) throws IOException {
        AtomicInteger requests = new AtomicInteger();
        return RawUpstream.running(connection -> {
            while (!connection.readHead().isEmpty()) {
                connection.write(requests.incrementAndGet() == 1 ? bad : GOOD);
            }
        });
    }

    private static void nextRequestIsServedOverAnotherConnection(RawUpstream rails, TestEdge edge) throws IOException {
        for (int i = 0; i < 4; i++) {
            try (RawClient client = new RawClient(edge.port())) {
                client.send(GET);
                assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK\r\n");
                assertThat(client.read(4)).isEqualTo("good");
            }
        }
        assertThat(rails.connections()).isGreaterThanOrEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 5 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775808\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked,\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\n\r\n0\r\n\r\n",
                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 1000 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 000 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 600 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 999 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 +20 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 -200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 2 0 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 \r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200\tOK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 O\u0000K\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 O\rK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.2 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/0.9 200 OK\r\nContent-Length: 0\r\n\r\n",
                "http/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                " HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                "\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                "ICY 200 OK\r\nContent-Length: 0\r\n\r\n",
                "hello, world\r\n",
                "<html>hello</html>\n",
                "SSH-2.0-OpenSSH_9.2\r\n",
                "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 0\n\r\n",
                "HTTP/1.1 200 OK\r\nX : y\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\n X: y\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: y\r\n z\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\n: y\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: \u0000\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: a\rb\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: a\u0001b\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX\u0000: y\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nraw",
                "HTTP/1.1 103 Early Hints\r\nContent-Length: 5\r\n\r\nhello" + GOOD,
                "HTTP/1.1 100 Continue\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + GOOD
            })
    void a_bad_head_gives_502_and_its_connection_is_never_used_again(String bad) throws IOException {
        try (RawUpstream rails = upstreamThatOnceAnswers(bad);
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send(GET);

            assertThat(client.readHead()).startsWith("HTTP/1.1 502 Bad Gateway\r\n");
            nextRequestIsServedOverAnotherConnection(rails, edge);
        }
    }

    @Test
    void interim_answers_without_end_give_502() throws IOException {
        String interim = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n";
        try (RawUpstream rails =
                        RawUpstream.answering(interim.repeat(101) + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                TestEdge edge = TestEdge.forwardingTo(rails.port())) {

            String answer = RawClient.exchange(edge.port(), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

            assertThat(answer).contains("HTTP/1.1 103 ", "HTTP/1.1 502 ").doesNotContain("HTTP/1.1 200 ");
        }
    }

    @Test
    void a_head_that_is_too_large_gives_502() throws IOException {
        try (RawUpstream rails =
                        upstreamThatOnceAnswers("HTTP/1.1 200 OK\r\nX: " + "y".repeat(100 * 1024) + "\r\n\r\n");
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send(GET);

            assertThat(client.readHead()).startsWith("HTTP/1.1 502 Bad Gateway\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nx\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello!\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nContent-Length: 3\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX : y\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nffffffffffffffffff\r\n"
            })
    void a_bad_chunk_that_comes_with_the_head_gives_502(String bad) throws IOException {
        try (RawUpstream rails = upstreamThatOnceAnswers(bad);
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send(GET);

            assertThat(client.readHead()).startsWith("HTTP/1.1 502 Bad Gateway\r\n");
            nextRequestIsServedOverAnotherConnection(rails, edge);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x\r\n\r\n",
                "5\r\nhello!\r\n0\r\n\r\n",
                "5\nhello\r\n0\r\n\r\n",
                "0\r\nContent-Length: 3\r\n\r\n",
                "0\r\nX : y\r\n\r\n",
                "ffffffffffffffffff\r\n"
            })
    void a_bad_chunk_that_comes_later_cuts_the_answer_visibly(String bad) throws IOException {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write(CHUNKED_HELLO);
                    connection.awaitRead(); // the client has "hello"
                    connection.write(bad);
                    connection.input().readAllBytes();
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send(POST);
            client.readHead();
            assertThat(client.read(10)).isEqualTo("5\r\nhello\r\n");
            client.send("1\r\nx\r\n");

            assertThat(client.readToEnd()).doesNotContain("0\r\n\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello!",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
                "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
                "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nevil\r\n0\r\n\r\n",
                "HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\nevil",
                "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nevil\r\n0\r\n\r\n"
            })
    void bytes_after_an_answer_reach_nobody(String tooMuch) throws IOException {
        try (RawUpstream rails = upstreamThatOnceAnswers(tooMuch);
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send(GET);
            String head = client.readHead();
            if (head.contains("Content-Length: 5\r\n") && !head.contains(" 204 ")) {
                assertThat(client.read(5)).isEqualTo("hello");
            } else if (head.contains("chunked")) {
                assertThat(client.read(15)).isEqualTo("5\r\nhello\r\n0\r\n\r\n");
            }
            client.send(GET);

            assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK\r\n").contains("Content-Length: 4\r\n");
            assertThat(client.read(4)).isEqualTo("good");
            nextRequestIsServedOverAnotherConnection(rails, edge);
        }
    }

    @Test
    void an_answer_that_comes_unasked_on_a_resting_connection_closes_it() throws IOException {
        AtomicInteger requests = new AtomicInteger();
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    while (!connection.readHead().isEmpty()) {
                        connection.write(GOOD);
                        if (requests.incrementAndGet() == 1) {
                            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
                            assertThat(connection.read())
                                    .as("closed by the edge")
                                    .isEqualTo(-1);
                            return;
                        }
                    }
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send(GET);
            client.readHead();
            client.read(4);
            Await.until(() -> Gauges.open(edge) == 0);
            client.send(GET);

            client.readHead();
            assertThat(client.read(4)).isEqualTo("good");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n|hello",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n|5\r\nhello\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n|5\r\nhello\r\n0\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n|5\r\nhello\r\n0\r\nX: y\r\n"
            })
    void a_truncated_body_never_looks_whole(String truncated) throws IOException {
        String[] headAndBody = truncated.split("\\|", -1);
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write(headAndBody[0]);
                    connection.awaitRead(); // the client has the head
                    connection.write(headAndBody[1]);
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send(POST);
            String head = client.readHead();
            client.send("1\r\nx\r\n");

            assertThat(client.readToEnd()).doesNotContain("0\r\n");
            assertThat(head.contains("Content-Length: 1000\r\n") || head.contains("Transfer-Encoding: chunked\r\n"))
                    .isTrue();
        }
    }

    @Test
    void a_truncated_body_never_looks_whole_to_a_client_of_http_1_0_either() throws IOException {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write(CHUNKED_HELLO);
                    connection.awaitRead(); // the client has "hello"
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send("POST / HTTP/1.0\r\nContent-Length: 1\r\n\r\n");
            client.readHead();
            assertThat(client.read(5)).isEqualTo("hello");
            client.send("x");

            org.assertj.core.api.Assertions.assertThatThrownBy(client::readToEnd)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void an_answer_until_close_that_is_reset_never_looks_whole() throws IOException {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\n\r\nhello");
                    connection.awaitRead(); // the client has "hello"
                    connection.reset();
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send(POST);
            client.readHead();
            assertThat(client.read(10)).isEqualTo("5\r\nhello\r\n");
            client.send("1\r\nx\r\n");

            assertThat(client.readToEnd()).doesNotContain("0\r\n\r\n");
        }
    }

    @Test
    void an_upstream_that_closes_within_the_head_gives_502() throws IOException {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Len");
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send(GET);

            assertThat(client.readHead()).startsWith("HTTP/1.1 502 Bad Gateway\r\n");
            assertThat(rails.heads()).hasSize(1);
        }
    }

    @Test
    void head_204_and_304_carry_no_body_and_no_false_length() throws IOException {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    for (String head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
                        if (head.startsWith("HEAD /length")) {
                            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
                        } else if (head.startsWith("HEAD /chunked")) {
                            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                        } else if (head.startsWith("HEAD")) {
                            connection.write("HTTP/1.1 200 OK\r\n\r\n");
                        } else if (head.startsWith("GET /204")) {
                            connection.write("HTTP/1.1 204 No Content\r\n\r\n");
                        } else {
                            connection.write("HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\nContent-Length: 5\r\n\r\n");
                        }
                    }
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            for (String path : new String[] {"HEAD /length", "HEAD /chunked", "HEAD /plain", "GET /204", "GET /304"}) {
                client.send(path + " HTTP/1.1\r\nHost: a\r\n\r\n");
                String head = client.readHead();
                assertThat(head).as(path).doesNotContain("Transfer-Encoding");
                assertThat(head.contains("Content-Length: 5\r\n"))
                        .as(path)
                        .isEqualTo(path.equals("HEAD /length") || path.equals("GET /304"));
                assertThat(head.contains("Content-Length")).as(path).isEqualTo(head.contains("Content-Length: 5\r\n"));
            }
            assertThat(rails.connections()).isEqualTo(1);
        }
    }

    @Test
    void odd_but_legal_answers_pass() throws IOException {
        for (String answer : new String[] {
            "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok",
            "HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok",
            "HTTP/1.1 299 Tr\u00e8s bien\r\nContent-Length: 2\r\n\r\nok",
            "HTTP/1.1 599 ?\r\ncontent-length:02\r\n\r\nok",
            "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
            "HTTP/1.1 302 Found\r\nLocation: http://a/\u00fc\r\nX-Empty:\r\nContent-Length: 2\r\n\r\nok",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n2;x=\"y\"\r\nok\r\n0\r\n\r\n"
        }) {
            try (RawUpstream rails = upstreamThatOnceAnswers(answer);
                    TestEdge edge = TestEdge.forwardingTo(rails.port())) {

                String seen = RawClient.exchange(edge.port(), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

                assertThat(seen)
                        .startsWith("HTTP/1.1 " + answer.substring(9, 12) + " ")
                        .contains("ok");
            }
        }
    }
}
