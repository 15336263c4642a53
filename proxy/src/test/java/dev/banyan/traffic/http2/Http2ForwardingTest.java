package dev.banyan.traffic.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.testing.Await;
import dev.banyan.testing.Bytes;
import dev.banyan.testing.FramePeer;
import dev.banyan.testing.FramePeer.Answer;
import dev.banyan.testing.FramePeer.Frame;
import dev.banyan.testing.Gauges;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Step;
import dev.banyan.testing.StrictUpstream;
import dev.banyan.testing.TestEdge;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A request of HTTP/2 goes the same way as one of HTTP/1. */
class Http2ForwardingTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-From: rails\r\n\r\nok";

    @Test
    void a_request_goes_on_as_http_1_and_its_answer_comes_back() throws Exception {
        try (StrictUpstream rails = new StrictUpstream();
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                FramePeer client = FramePeer.to(edge.port())) {

            client.headers(
                    1,
                    true,
                    ":method",
                    "GET",
                    ":scheme",
                    "http",
                    ":authority",
                    "shop.example:8080",
                    ":path",
                    "/a?b=c",
                    "accept",
                    "text/html",
                    "x-under_score",
                    "1");
            Answer answer = client.answer(1);

            assertThat(answer.status()).isEqualTo("200");
            assertThat(answer.body()).isEqualTo("ok");
            assertThat(answer.fields()).contains("content-length: 2", "x-banyan-route: default");
            String seen = rails.requests().get(0);
            assertThat(seen)
                    .startsWith("GET /a?b=c HTTP/1.1\r\n")
                    .contains("\r\nHost: shop.example:8080\r\n", "\r\naccept: text/html\r\n")
                    .contains("\r\nX-Forwarded-For: 127.0.0.1\r\n", "\r\nX-Forwarded-Proto: http\r\n")
                    .doesNotContain("under_score", ":authority");
        }
    }

    @Test
    void a_body_of_unknown_length_goes_on_in_chunks_with_its_trailers() throws Exception {
        try (StrictUpstream rails = new StrictUpstream();
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                FramePeer client = FramePeer.to(edge.port())) {

            client.post(1, "/upload");
            client.data(1, "first,", false);
            client.data(1, "second", false);
            client.headers(1, true, "x-checksum", "12", "x-forwarded-for", "6.6.6.6");
            Answer answer = client.answer(1);

            assertThat(answer.status()).isEqualTo("200");
            String seen = rails.requests().get(0);
            assertThat(seen).contains("\r\nTransfer-Encoding: chunked\r\n").endsWith("0\r\nx-checksum: 12\r\n\r\n");
            assertThat(seen.replaceAll("\r\n[0-9a-f]+\r\n", ""))
                    .contains("first,")
                    .contains("second");
        }
    }

    @Test
    void a_body_of_known_length_goes_on_with_its_length() throws Exception {
        try (StrictUpstream rails = new StrictUpstream();
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                FramePeer client = FramePeer.to(edge.port())) {

            client.post(1, "/upload", "content-length", "5");
            client.data(1, "hello", true);

            assertThat(client.answer(1).status()).isEqualTo("200");
            assertThat(rails.requests().get(0))
                    .contains("\r\nContent-Length: 5\r\n")
                    .endsWith("\r\n\r\nhello");
        }
    }

    @Test
    void several_cookie_fields_become_one() throws Exception {
        try (StrictUpstream rails = new StrictUpstream();
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                FramePeer client = FramePeer.to(edge.port())) {

            client.headers(
                    1,
                    true,
                    ":method",
                    "GET",
                    ":scheme",
                    "http",
                    ":authority",
                    "a",
                    ":path",
                    "/",
                    "cookie",
                    "a=1",
                    "cookie",
                    "b=2",
                    "cookie",
                    "c=3");

            assertThat(client.answer(1).status()).isEqualTo("200");
            assertThat(rails.requests().get(0)).containsIgnoringCase("\r\nCookie: a=1; b=2; c=3\r\n");
        }
    }

    @Test
    void answers_come_back_in_the_order_in_which_they_are_ready() throws Exception {
        CountDownLatch slowMayAnswer = new CountDownLatch(1);
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    for (String head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
                        if (head.startsWith("GET /slow ")) {
                            Await.uninterruptibly(slowMayAnswer);
                        }
                        connection.write(OK);
                    }
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                FramePeer client = FramePeer.to(edge.port())) {

            client.get(1, "/slow");
            client.get(3, "/fast");
            Answer fast = client.answer(3);
            slowMayAnswer.countDown();
            Answer slow = client.answer(1);

            assertThat(fast.status()).isEqualTo("200");
            assertThat(slow.status()).isEqualTo("200");
        }
    }

    @Test
    void interim_answers_and_trailers_come_through() throws Exception {
        try (RawUpstream rails = RawUpstream.answering(
                        "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
                                + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 7\r\nVary: no\r\n\r\n");
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                FramePeer client = FramePeer.to(edge.port())) {

            client.get(1, "/");
            Frame hints = client.await(FramePeer.HEADERS);
            Answer answer = client.answer(1);

            assertThat(hints.has(FramePeer.END_STREAM)).isFalse();
            assertThat(answer.status()).isEqualTo("200");
            assertThat(answer.trailers()).containsExactly("x-sum: 7");
        }
    }

    @Test
    void a_client_that_expects_100_gets_it_from_the_upstream() throws Exception {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 100 Continue\r\n\r\n");
                    connection.readBytes(5);
                    connection.write(OK);
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                FramePeer client = FramePeer.to(edge.port())) {

            client.post(1, "/", "content-length", "5", "expect", "100-continue");
            List<String> interim = client.fields(client.next(FramePeer.HEADERS));
            client.data(1, "hello", true);

            assertThat(interim).containsExactly(":status: 100");
            assertThat(client.answer(1).status()).isEqualTo("200");
        }
    }

    @Test
    void an_answer_before_the_request_is_whole_ends_with_a_reset_that_is_no_error() throws Exception {
        try (RawUpstream rails = RawUpstream.answering("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig");
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                FramePeer client = FramePeer.to(edge.port())) {

            client.post(1, "/");
            client.data(1, "some of it", false);
            Answer answer = client.answer(1);
            Frame reset = client.await(FramePeer.RST_STREAM);
            client.data(1, "and more, which was on its way", true);
            client.get(3, "/");

            assertThat(answer.status()).isEqualTo("413");
            assertThat(answer.body()).isEqualTo("big");
            assertThat(reset.stream()).isEqualTo(1);
            assertThat(reset.number(0)).isZero();
            assertThat(client.answer(3).status()).isEqualTo("413");
        }
    }

    @Test
    void an_answer_that_breaks_off_is_reset_and_never_looks_whole() throws Exception {
        try (Step seen = new Step();
                RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
                    seen.await();
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                FramePeer client = FramePeer.to(edge.port())) {

            client.get(1, "/");
            assertThat(client.fields(client.next(FramePeer.HEADERS))).contains(":status: 200");
            assertThat(client.next(FramePeer.DATA).payload()).isEqualTo(Bytes.of("half"));
            seen.next();

            assertThat(client.next(FramePeer.RST_STREAM).number(0))
                    .as("INTERNAL_ERROR")
                    .isEqualTo(2);
        }
    }

    @Test
    void a_client_that_resets_its_stream_frees_the_upstream_at_once() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    asked.countDown();
                    if (connection.read() < 0) {
                        closed.countDown();
                    }
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                FramePeer client = FramePeer.to(edge.port())) {

            client.get(1, "/");
            Await.uninterruptibly(asked);
            client.frame(FramePeer.RST_STREAM, 0, 1, FramePeer.number(8));

            Await.uninterruptibly(closed);
            Await.until(() -> Gauges.open(edge) == 0);
        }
    }

    @Test
    void a_head_request_gets_the_length_and_no_content() throws Exception {
        try (RawUpstream rails = RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 77\r\n\r\n");
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                FramePeer client = FramePeer.to(edge.port())) {

            client.headers(1, true, ":method", "HEAD", ":scheme", "http", ":authority", "a", ":path", "/");
            Answer answer = client.answer(1);

            assertThat(answer.fields()).contains("content-length: 77");
            assertThat(answer.body()).isEmpty();
        }
    }

    @Test
    void http_1_is_still_spoken_on_the_same_port_also_where_it_begins_like_the_preface() throws Exception {
        try (RawUpstream rails = RawUpstream.answering(OK);
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send("PR");
            client.send("I /x HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
            assertThat(rails.heads().get(0)).startsWith("PRI /x HTTP/1.1\r\n");
        }
    }

    @Test
    void the_preface_may_come_byte_by_byte() throws Exception {
        try (RawUpstream rails = RawUpstream.answering(OK);
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                FramePeer client = FramePeer.mute(edge.port())) {

            for (char c : "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".toCharArray()) {
                client.raw(String.valueOf(c));
            }
            client.settings();
            client.get(1, "/");

            assertThat(client.answer(1).status()).isEqualTo("200");
        }
    }
}
