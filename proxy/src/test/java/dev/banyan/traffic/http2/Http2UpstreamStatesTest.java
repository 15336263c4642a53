package dev.banyan.traffic.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.Upstream;
import dev.banyan.testing.Await;
import dev.banyan.testing.FramePeer;
import dev.banyan.testing.FramePeer.Frame;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an upstream of HTTP/2 sends is held to the state of its stream: nothing else of it reaches a client. */
class Http2UpstreamStatesTest {
    private static final int NO_ERROR = 0;
    private static final int INTERNAL_ERROR = 2;
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    private static final String HEAD = "HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    /** What an upstream does once a request has come. */
    interface Turn {
        void take(FramePeer peer, int stream) throws IOException;
    }

    private static RawUpstream upstream(Turn turn) throws IOException {
        return RawUpstream.running(connection -> {
            FramePeer peer = FramePeer.accepted(connection.socket());
            turn.take(peer, peer.next(FramePeer.HEADERS).stream());
            while (peer.next() != null) {
                // Reads on until it is closed.
            }
        });
    }

    private static TestEdge edge(RawUpstream rails) throws IOException {
        return TestEdge.with(Tables.onlyDefault(
                rails.port(), Upstream.Protocol.H2C, Upstream.Tls.SYSTEM, Upstream.Timeouts.DEFAULT));
    }

    private static void head(FramePeer peer, int stream, boolean end) throws IOException {
        peer.headers(stream, end, ":status", "200");
    }

    /** What is no answer, whatever follows. */
    enum NoAnswer {
        INTERIM_THAT_ENDS_THE_STREAM {
            @Override
            void send(FramePeer peer, int stream) throws IOException {
                peer.headers(stream, true, ":status", "103");
            }
        },
        CONTENT_BEHIND_AN_INTERIM {
            @Override
            void send(FramePeer peer, int stream) throws IOException {
                peer.headers(stream, false, ":status", "103");
                peer.data(stream, "x", true);
            }
        },
        EMPTY_CONTENT_FIRST {
            @Override
            void send(FramePeer peer, int stream) throws IOException {
                peer.data(stream, "", true);
            }
        },
        RESET_WITHOUT_ERROR {
            @Override
            void send(FramePeer peer, int stream) throws IOException {
                peer.frame(FramePeer.RST_STREAM, 0, stream, FramePeer.number(NO_ERROR));
            }
        },
        MORE_THAN_THE_STREAMS_WINDOW {
            @Override
            void send(FramePeer peer, int stream) throws IOException {
                // Before a head, so that nobody takes any of it.
                for (int i = 0; i < 17; i++) {
                    peer.data(stream, "x".repeat(16_384), false);
                }
            }
        },
        WINDOW_OF_A_STREAM_THAT_IS_NONE {
            @Override
            void send(FramePeer peer, int stream) throws IOException {
                peer.windowUpdate(stream + 2, 1);
                head(peer, stream, true);
            }
        },
        RESET_OF_A_STREAM_THAT_IS_NONE {
            @Override
            void send(FramePeer peer, int stream) throws IOException {
                peer.frame(FramePeer.RST_STREAM, 0, 2, FramePeer.number(NO_ERROR));
                head(peer, stream, true);
            }
        },
        FIELDS_THAT_CANNOT_BE_DECODED {
            @Override
            void send(FramePeer peer, int stream) throws IOException {
                peer.frame(FramePeer.HEADERS, FramePeer.END_HEADERS, stream, new byte[] {(byte) 0xff, (byte) 0xff});
                head(peer, stream, true);
            }
        },
        A_FRAME_WITHIN_A_HEAD {
            @Override
            void send(FramePeer peer, int stream) throws IOException {
                peer.frame(FramePeer.HEADERS, 0, stream, peer.block(":status", "200"));
                peer.frame(FramePeer.PING, 0, 0, new byte[8]);
                peer.frame(FramePeer.CONTINUATION, FramePeer.END_HEADERS, stream);
            }
        },
        INTERIM_ANSWERS_WITHOUT_END {
            @Override
            void send(FramePeer peer, int stream) throws IOException {
                for (int i = 0; i < 1000; i++) {
                    peer.headers(stream, false, ":status", "103", "link", "</a.css>");
                }
                head(peer, stream, true);
            }
        };

        abstract void send(FramePeer peer, int stream) throws IOException;
    }

    @ParameterizedTest
    @EnumSource(NoAnswer.class)
    void what_is_no_answer_is_502(NoAnswer what) throws Exception {
        try (RawUpstream rails = upstream(what::send);
                TestEdge edge = edge(rails)) {

            assertThat(RawClient.exchange(edge.port(), GET))
                    .contains("HTTP/1.1 502 ")
                    .doesNotContain("HTTP/1.1 200");
        }
    }

    /** What makes an answer that has begun none. */
    enum Broken {
        TRAILERS_WITH_A_STATUS {
            @Override
            void send(FramePeer peer, int stream) throws IOException {
                peer.headers(stream, true, ":status", "200");
            }
        },
        TRAILERS_WITH_A_LENGTH {
            @Override
            void send(FramePeer peer, int stream) throws IOException {
                peer.headers(stream, true, "content-length", "4");
            }
        },
        TRAILERS_THAT_DO_NOT_END_IT {
            @Override
            void send(FramePeer peer, int stream) throws IOException {
                peer.headers(stream, false, "x-a", "1");
                peer.data(stream, "more", true);
            }
        },
        PADDING_LONGER_THAN_ITS_FRAME {
            @Override
            void send(FramePeer peer, int stream) throws IOException {
                peer.frame(FramePeer.DATA, 0x8 | FramePeer.END_STREAM, stream, new byte[] {2, 0});
            }
        },
        RESET {
            @Override
            void send(FramePeer peer, int stream) throws IOException {
                peer.frame(FramePeer.RST_STREAM, 0, stream, FramePeer.number(INTERNAL_ERROR));
            }
        },
        RESET_THAT_SAYS_IT_IS_NO_ERROR {
            @Override
            void send(FramePeer peer, int stream) throws IOException {
                peer.frame(FramePeer.RST_STREAM, 0, stream, FramePeer.number(NO_ERROR));
            }
        };

        abstract void send(FramePeer peer, int stream) throws IOException;
    }

    @ParameterizedTest
    @EnumSource(Broken.class)
    void an_answer_that_breaks_the_rules_within_never_looks_whole(Broken what) throws Exception {
        try (RawUpstream rails = upstream((peer, stream) -> {
                    head(peer, stream, false);
                    peer.data(stream, "part", false);
                    what.send(peer, stream);
                });
                TestEdge edge = edge(rails)) {

            assertThat(RawClient.exchange(edge.port(), GET))
                    .doesNotContain("\r\n0\r\n")
                    .doesNotContain("more");
        }
    }

    /** What may come behind an answer that is whole. */
    enum BehindTheEnd {
        CONTENT {
            @Override
            void send(FramePeer peer, int stream) throws IOException {
                peer.data(stream, "more", true);
            }
        },
        HEAD {
            @Override
            void send(FramePeer peer, int stream) throws IOException {
                peer.headers(stream, true, "x-a", "1");
            }
        },
        RESET {
            @Override
            void send(FramePeer peer, int stream) throws IOException {
                peer.frame(FramePeer.RST_STREAM, 0, stream, FramePeer.number(NO_ERROR));
            }
        };

        abstract void send(FramePeer peer, int stream) throws IOException;
    }

    @ParameterizedTest
    @EnumSource(BehindTheEnd.class)
    void what_comes_behind_the_end_of_an_answer_is_no_part_of_it(BehindTheEnd what) throws Exception {
        try (RawUpstream rails = upstream((peer, stream) -> {
                    head(peer, stream, false);
                    peer.data(stream, "whole", true);
                    what.send(peer, stream);
                });
                TestEdge edge = edge(rails)) {

            assertThat(RawClient.exchange(edge.port(), GET))
                    .startsWith("HTTP/1.1 200 ")
                    .endsWith("\r\n5\r\nwhole\r\n0\r\n\r\n");
        }
    }

    @Test
    void an_answer_to_head_may_have_a_length_and_no_content() throws Exception {
        try (RawUpstream rails = upstream(
                        (peer, stream) -> peer.headers(stream, true, ":status", "200", "content-length", "77"));
                TestEdge edge = edge(rails)) {

            assertThat(RawClient.exchange(edge.port(), HEAD))
                    .startsWith("HTTP/1.1 200 ")
                    .containsIgnoringCase("\r\ncontent-length: 77\r\n");
        }
    }

    @Test
    void content_of_an_answer_to_head_goes_nowhere() throws Exception {
        try (RawUpstream rails = upstream((peer, stream) -> {
                    head(peer, stream, false);
                    peer.data(stream, "HTTP/1.1 200 OK\r\n\r\n", true);
                });
                TestEdge edge = edge(rails)) {

            assertThat(RawClient.exchange(edge.port(), HEAD)).doesNotContain("\r\n\r\nHTTP/1.1");
        }
    }

    @Test
    void an_answer_before_the_request_is_whole_is_passed_on_and_the_upload_stops() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        try (RawUpstream rails = upstream((peer, stream) -> {
                    peer.headers(stream, true, ":status", "413");
                    Frame reset = peer.next(FramePeer.RST_STREAM);
                    if (reset.stream() == stream) {
                        cancelled.countDown();
                    }
                });
                TestEdge edge = edge(rails);
                RawClient client = new RawClient(edge.port())) {

            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\npart");

            assertThat(client.readHead()).startsWith("HTTP/1.1 413 ");
            Await.uninterruptibly(cancelled);
        }
    }

    @Test
    void a_second_goaway_may_take_back_what_the_first_left_and_that_is_sent_again() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        try (RawUpstream rails = upstream((peer, stream) -> {
                    if (connections.incrementAndGet() == 1) {
                        peer.frame(FramePeer.GOAWAY, 0, 0, new byte[] {0x7f, -1, -1, -1, 0, 0, 0, 0});
                        peer.frame(FramePeer.GOAWAY, 0, 0, new byte[8]);
                    } else {
                        head(peer, stream, true);
                    }
                });
                TestEdge edge = edge(rails)) {

            assertThat(RawClient.exchange(edge.port(), GET)).startsWith("HTTP/1.1 200 ");
            assertThat(connections).hasValue(2);
        }
    }

    @Test
    void an_upload_goes_on_within_a_window_that_shrank_below_nothing_and_was_opened_again() throws Exception {
        String body = "x".repeat(100_000);
        AtomicInteger tooMuch = new AtomicInteger();
        try (RawUpstream rails = upstream((peer, stream) -> {
                    int left = body.length();
                    int window = 65_535;
                    while (window > 0) {
                        int n = peer.await(FramePeer.DATA).payload().length;
                        left -= n;
                        window -= n;
                    }
                    peer.settings(INITIAL_WINDOW_SIZE, 1000);
                    peer.windowUpdate(0, 1_000_000);
                    peer.windowUpdate(stream, 64_535);
                    peer.frame(FramePeer.PING, 0, 0, new byte[8]);
                    for (Frame frame = peer.next(); frame != null && frame.type() != FramePeer.PING; ) {
                        tooMuch.addAndGet(frame.type() == FramePeer.DATA ? frame.payload().length : 0);
                        frame = peer.next();
                    }
                    peer.windowUpdate(stream, 50_000);
                    while (left > 0) {
                        left -= peer.await(FramePeer.DATA).payload().length;
                    }
                    head(peer, stream, true);
                });
                TestEdge edge = edge(rails)) {

            String answer = RawClient.exchange(
                    edge.port(),
                    "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 100000\r\n\r\n" + body);

            assertThat(answer).startsWith("HTTP/1.1 200 ");
            assertThat(tooMuch).hasValue(0);
        }
    }
}
