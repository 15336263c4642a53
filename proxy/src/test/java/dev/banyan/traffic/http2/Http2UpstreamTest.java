package dev.banyan.traffic.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.Upstream;
import dev.banyan.testing.Await;
import dev.banyan.testing.Bytes;
import dev.banyan.testing.FramePeer;
import dev.banyan.testing.FramePeer.Frame;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An upstream of HTTP/2 is spoken to by the rules, and believed only by the rules. */
class Http2UpstreamTest {
    private static final String GET =
            "GET /x?y=z HTTP/1.1\r\nHost: a.example\r\nConnection: close, te\r\nTE: trailers\r\n\r\n";
    private static final String POST =
            "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody";
    private static final int CANCEL = 8;

    /** What an upstream does with a connection whose preface has come. */
    interface Script {
        void run(FramePeer peer) throws IOException;
    }

    private static RawUpstream upstream(Script script) throws IOException {
        return RawUpstream.running(connection -> script.run(FramePeer.accepted(connection.socket())));
    }

    private static TestEdge edge(RawUpstream rails) throws IOException {
        return edge(rails, Upstream.Timeouts.DEFAULT);
    }

    private static TestEdge edge(RawUpstream rails, Upstream.Timeouts timeouts) throws IOException {
        return TestEdge.with(Tables.onlyDefault(rails.port(), Upstream.Protocol.H2C, Upstream.Tls.SYSTEM, timeouts));
    }

    private static void answer(FramePeer peer, int stream) throws IOException {
        peer.headers(stream, false, ":status", "200", "content-type", "text/plain");
        peer.data(stream, "ok", true);
    }

    /** Answers every request, with or without a body, when it is whole. */
    private static void answerAll(FramePeer peer) throws IOException {
        for (Frame frame = peer.next(); frame != null; frame = peer.next()) {
            boolean ends = frame.type() == FramePeer.HEADERS || frame.type() == FramePeer.DATA;
            if (ends && frame.has(FramePeer.END_STREAM)) {
                answer(peer, frame.stream());
            }
        }
    }

    @Test
    void a_request_of_http_1_goes_on_as_one_of_http_2() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        try (RawUpstream rails = upstream(peer -> {
                    Frame head = peer.next(FramePeer.HEADERS);
                    seen.addAll(peer.fields(head));
                    answer(peer, head.stream());
                    answerAll(peer);
                });
                TestEdge edge = edge(rails)) {

            String answer = RawClient.exchange(edge.port(), GET);

            assertThat(answer)
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .contains("\r\ncontent-type: text/plain\r\n")
                    .contains("\r\nTransfer-Encoding: chunked\r\n")
                    .contains("\r\n2\r\nok\r\n0\r\n");
            assertThat(seen)
                    .startsWith(":method: GET", ":scheme: http", ":path: /x?y=z", ":authority: a.example")
                    .contains("te: trailers", "x-forwarded-for: 127.0.0.1", "x-forwarded-proto: http")
                    .noneMatch(field -> field.startsWith("connection") || field.startsWith("host"));
        }
    }

    @Test
    void requests_at_once_share_a_connection() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        CountDownLatch allAsked = new CountDownLatch(20);
        try (RawUpstream rails = upstream(peer -> {
                    connections.incrementAndGet();
                    for (Frame frame = peer.next(); frame != null; frame = peer.next()) {
                        if (frame.type() == FramePeer.HEADERS) {
                            allAsked.countDown();
                            if (allAsked.getCount() == 0) {
                                for (int stream = 1; stream <= frame.stream(); stream += 2) {
                                    answer(peer, stream);
                                }
                            }
                        }
                    }
                });
                TestEdge edge = edge(rails);
                FramePeer client = FramePeer.settled(edge.port())) {

            for (int stream = 1; stream < 40; stream += 2) {
                client.get(stream, "/");
            }

            for (int answered = 0; answered < 20; ) {
                answered += client.await(FramePeer.DATA).has(FramePeer.END_STREAM) ? 1 : 0;
            }
            assertThat(connections).hasValue(1);
        }
    }

    @Test
    void no_more_streams_are_opened_than_the_upstream_allows() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        try (RawUpstream rails = upstream(peer -> {
                    connections.incrementAndGet();
                    peer.settings(3, 1);
                    answerAll(peer);
                });
                TestEdge edge = edge(rails);
                FramePeer client = FramePeer.settled(edge.port())) {

            client.get(1, "/");
            client.get(3, "/");
            int answered = 0;
            while (answered < 2) {
                answered += client.await(FramePeer.DATA).has(FramePeer.END_STREAM) ? 1 : 0;
            }

            assertThat(connections.get()).isBetween(1, 2);
        }
    }

    @Test
    void what_a_goaway_includes_is_answered_and_then_the_connection_closes() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (RawUpstream rails = upstream(peer -> {
                    Frame head = peer.next(FramePeer.HEADERS);
                    byte[] last = FramePeer.bytes(FramePeer.GOAWAY, 0, 0, new byte[] {0, 0, 0, 1, 0, 0, 0, 0});
                    peer.send(last);
                    answer(peer, head.stream());
                    while (peer.next() != null) {
                        // until it is closed
                    }
                    closed.countDown();
                });
                TestEdge edge = edge(rails)) {

            assertThat(RawClient.exchange(edge.port(), GET)).startsWith("HTTP/1.1 200 ");
            Await.uninterruptibly(closed);
        }
    }

    @Test
    void an_upstream_that_speaks_http_1_only_is_told_so_to_the_client() throws Exception {
        try (RawUpstream rails = RawUpstream.answering("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
                TestEdge edge = edge(rails)) {

            assertThat(RawClient.exchange(edge.port(), POST))
                    .startsWith("HTTP/1.1 502 ")
                    .contains("upstream rails does not speak HTTP/2");
        }
    }

    @Test
    void an_upstream_that_says_nothing_is_not_waited_for() throws Exception {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    while (connection.read() >= 0) {
                        // and never answers
                    }
                });
                TestEdge edge = edge(
                        rails,
                        new Upstream.Timeouts(
                                Duration.ofMillis(300),
                                Duration.ofSeconds(30),
                                Duration.ofSeconds(30),
                                Optional.empty()))) {

            assertThat(RawClient.exchange(edge.port(), GET))
                    .startsWith("HTTP/1.1 502 ")
                    .contains("did not begin to speak HTTP/2 in time");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":status|20",
                ":status|101",
                ":status|+20",
                "x-a|1",
                ":status|200|:status|200",
                ":status|200|connection|close",
                ":status|200|transfer-encoding|chunked",
                ":status|200|X-Upper|1",
                ":status|200|x-a|1\r\nset-cookie: b",
                ":status|200|:path|/",
                ":status|200|content-length|1",
                ":status|200|content-length|x",
                ":status|200|content-length|2|content-length|2"
            })
    void a_bad_answer_is_502_and_nothing_of_it_comes_through(String fields) throws Exception {
        try (RawUpstream rails = upstream(peer -> {
                    Frame head = peer.next(FramePeer.HEADERS);
                    peer.headers(head.stream(), true, fields.split("\\|", -1));
                    answerAll(peer);
                });
                TestEdge edge = edge(rails)) {

            assertThat(RawClient.exchange(edge.port(), GET))
                    .startsWith("HTTP/1.1 502 ")
                    .contains("bad-answer");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"DATA first", "push", "unasked", "longer", "window"})
    void a_conversation_against_the_rules_never_looks_like_a_whole_answer(String what) throws Exception {
        try (RawUpstream rails = upstream(peer -> {
                    Frame head = peer.next(FramePeer.HEADERS);
                    int stream = head.stream();
                    switch (what) {
                        case "DATA first" -> peer.data(stream, "x", true);
                        case "push" -> peer.frame(5, FramePeer.END_HEADERS, stream, new byte[] {0, 0, 0, 2});
                        case "unasked" -> peer.headers(stream + 2, true, ":status", "200");
                        case "longer" -> {
                            peer.headers(stream, false, ":status", "200", "content-length", "3");
                            peer.data(stream, "four", true);
                        }
                        default -> peer.windowUpdate(0, Integer.MAX_VALUE);
                    }
                    answerAll(peer);
                });
                TestEdge edge = edge(rails)) {

            String answer = RawClient.exchange(edge.port(), GET);

            if (what.equals("longer")) {
                assertThat(answer).doesNotEndWith("four").doesNotEndWith("fou");
            } else {
                assertThat(answer).startsWith("HTTP/1.1 502 ").contains("bad-answer");
            }
        }
    }

    @Test
    void a_client_that_goes_cancels_its_stream_and_no_other() throws Exception {
        CountDownLatch asked = new CountDownLatch(2);
        AtomicInteger cancelled = new AtomicInteger();
        try (RawUpstream rails = upstream(peer -> {
                    int second = 0;
                    for (Frame frame = peer.next(); frame != null; frame = peer.next()) {
                        if (frame.type() == FramePeer.HEADERS) {
                            second = frame.stream();
                            asked.countDown();
                        } else if (frame.type() == FramePeer.RST_STREAM) {
                            cancelled.set(frame.stream() == 1 ? frame.number(0) : -1);
                            answer(peer, second);
                        }
                    }
                });
                TestEdge edge = edge(rails);
                FramePeer client = FramePeer.settled(edge.port())) {
            client.get(1, "/");
            client.get(3, "/");
            Await.uninterruptibly(asked);

            client.frame(FramePeer.RST_STREAM, 0, 1, FramePeer.number(CANCEL));

            assertThat(client.answer(3).status()).isEqualTo("200");
            assertThat(cancelled).hasValue(CANCEL);
        }
    }

    @Test
    void an_answer_that_is_reset_within_never_looks_whole() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        try (RawUpstream rails = upstream(peer -> {
                    Frame head = peer.next(FramePeer.HEADERS);
                    peer.headers(head.stream(), false, ":status", "200");
                    peer.data(head.stream(), "half", false);
                    Await.uninterruptibly(begun);
                    peer.frame(FramePeer.RST_STREAM, 0, head.stream(), FramePeer.number(2));
                    answerAll(peer);
                });
                TestEdge edge = edge(rails);
                RawClient client = new RawClient(edge.port())) {

            client.send(GET);
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
            assertThat(client.read(9)).isEqualTo("4\r\nhalf\r\n");
            begun.countDown();

            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void an_answer_that_does_not_begin_is_504() throws Exception {
        try (RawUpstream rails = upstream(peer -> {
                    while (peer.next() != null) {
                        // and never answers
                    }
                });
                TestEdge edge = edge(
                        rails,
                        new Upstream.Timeouts(
                                Duration.ofSeconds(5),
                                Duration.ofMillis(300),
                                Duration.ofSeconds(30),
                                Optional.empty()))) {

            assertThat(RawClient.exchange(edge.port(), GET)).startsWith("HTTP/1.1 504 ");
        }
    }

    @Test
    void a_client_that_does_not_read_shuts_the_upstreams_window() throws Exception {
        AtomicLong sent = new AtomicLong();
        try (RawUpstream rails = upstream(peer -> {
                    int stream = peer.next(FramePeer.HEADERS).stream();
                    peer.headers(stream, false, ":status", "200");
                    long[] windows = {256 * 1024, 65_535};
                    String piece = "x".repeat(16_384);
                    while (sent.get() < 64L << 20) {
                        while (Math.min(windows[0], windows[1]) < piece.length()) {
                            Frame update = peer.await(FramePeer.WINDOW_UPDATE);
                            windows[update.stream() == 0 ? 1 : 0] += update.number(0);
                        }
                        peer.data(stream, piece, false);
                        sent.addAndGet(piece.length());
                        windows[0] -= piece.length();
                        windows[1] -= piece.length();
                    }
                });
                TestEdge edge = edge(rails);
                RawClient client = new RawClient(edge.port(), 16 * 1024)) {

            client.send(GET);
            client.readHead();

            assertThat(Await.standstillOf(sent)).isLessThan(Bytes.MOST_UNDER_WAY);
        }
    }
}
