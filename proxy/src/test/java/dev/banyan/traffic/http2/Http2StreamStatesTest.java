package dev.banyan.traffic.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.testing.Await;
import dev.banyan.testing.FramePeer;
import dev.banyan.testing.FramePeer.Frame;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Step;
import dev.banyan.testing.StrictUpstream;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A frame means what it can mean for its stream's state (RFC 9113, 5.1), and a mistake about one stream costs no other. */
class Http2StreamStatesTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final int STREAM_CLOSED = 5;
    private static final int CANCEL = 8;
    private static final byte[] DEPENDS_ON_1 = {0, 0, 0, 1, 0};

    /** Answers when the test says so, whatever is asked. */
    private static RawUpstream answeringAt(Step step) throws IOException {
        return RawUpstream.running(connection -> {
            while (!connection.readHead().isEmpty()) {
                step.await();
                connection.write(OK);
            }
        });
    }

    private static boolean isReset(Frame frame, int stream, int code) {
        return frame.type() == FramePeer.RST_STREAM && frame.stream() == stream && frame.number(0) == code;
    }

    /** What may not come for a stream that the client has ended. */
    enum BehindTheEnd {
        DATA {
            @Override
            void send(FramePeer client, int stream) throws IOException {
                client.data(stream, "x", false);
            }
        },
        EMPTY_DATA_THAT_ENDS_IT {
            @Override
            void send(FramePeer client, int stream) throws IOException {
                client.data(stream, "", true);
            }
        },
        TRAILERS {
            @Override
            void send(FramePeer client, int stream) throws IOException {
                client.headers(stream, true, "x-a", "1");
            }
        };

        abstract void send(FramePeer client, int stream) throws IOException;
    }

    @ParameterizedTest
    @EnumSource(BehindTheEnd.class)
    void behind_the_end_of_a_request_nothing_may_come_and_the_others_go_on(BehindTheEnd what) throws Exception {
        try (Step step = new Step();
                RawUpstream rails = answeringAt(step);
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                FramePeer client = FramePeer.settled(edge.port())) {
            client.get(1, "/");
            client.get(3, "/");

            what.send(client, 1);

            assertThat(isReset(client.next(FramePeer.RST_STREAM), 1, STREAM_CLOSED))
                    .isTrue();
            step.next();
            step.next();
            assertThat(client.answer(3).status()).isEqualTo("200");
        }
    }

    /** What may still come for a stream that its client has opened too late, in the order in which it may. */
    enum TooLate {
        RESET {
            @Override
            void send(FramePeer client) throws IOException {
                client.frame(FramePeer.RST_STREAM, 0, 3, FramePeer.number(CANCEL));
            }
        },
        WINDOW {
            @Override
            void send(FramePeer client) throws IOException {
                client.windowUpdate(3, 1000);
            }
        },
        CONTENT {
            @Override
            void send(FramePeer client) throws IOException {
                client.data(3, "body", true);
            }
        },
        TRAILERS {
            @Override
            void send(FramePeer client) throws IOException {
                client.headers(3, true, "x-a", "1");
            }
        },
        PRIORITIES {
            @Override
            void send(FramePeer client) throws IOException {
                client.frame(FramePeer.PRIORITY, 0, 3, DEPENDS_ON_1);
            }
        };

        abstract void send(FramePeer client) throws IOException;
    }

    @ParameterizedTest
    @EnumSource(TooLate.class)
    void what_a_client_says_of_a_stream_that_it_opened_while_we_drain_ends_no_request_under_way(TooLate what)
            throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (Step step = new Step();
                RawUpstream rails = answeringAt(step);
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                FramePeer client = FramePeer.settled(edge.port())) {
            client.post(1, "/");
            Await.until(() -> rails.heads().size() == 1);
            Future<Boolean> drained = other.submit(() -> edge.plane().drain(Duration.ofSeconds(60)));
            Frame ping = client.await(FramePeer.PING);
            client.frame(FramePeer.PING, FramePeer.ACK, 0, ping.payload());
            assertThat(client.await(FramePeer.GOAWAY).number(0)).isEqualTo(1);

            client.post(3, "/");
            what.send(client);
            client.data(1, "", true);
            step.next();

            assertThat(client.answer(1).status()).isEqualTo("200");
            assertThat(drained.get()).isTrue();
            assertThat(rails.heads())
                    .filteredOn(head -> head.startsWith("POST"))
                    .hasSize(1);
        } finally {
            other.shutdownNow();
        }
    }

    @Test
    void content_on_its_way_when_its_stream_was_reset_long_ago_is_no_mistake() throws Exception {
        String early = "HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n";
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    for (String head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
                        connection.write(head.startsWith("POST") ? early : OK);
                    }
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                FramePeer client = FramePeer.settled(edge.port())) {
            client.post(1, "/");
            assertThat(client.answer(1).status()).isEqualTo("413");
            client.await(FramePeer.RST_STREAM);
            int stream = 3;
            for (int i = 0; i < 400; i++, stream += 2) {
                client.get(stream, "/");
                assertThat(client.answer(stream).status()).isEqualTo("200");
            }

            client.data(1, "late", true);

            client.get(stream, "/");
            assertThat(client.answer(stream).status()).isEqualTo("200");
        }
    }

    @ParameterizedTest
    @EnumSource(TooLate.class)
    void frames_for_streams_of_the_servers_numbers_end_the_connection(TooLate what) throws Exception {
        try (RawUpstream rails = RawUpstream.answering(OK);
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                FramePeer client = FramePeer.settled(edge.port())) {
            client.get(5, "/");
            assertThat(client.answer(5).status()).isEqualTo("200");

            switch (what) {
                case RESET -> client.frame(FramePeer.RST_STREAM, 0, 2, FramePeer.number(CANCEL));
                case WINDOW -> client.windowUpdate(2, 1000);
                case CONTENT -> client.data(2, "body", true);
                case TRAILERS -> client.headers(2, true, "x-a", "1");
                case PRIORITIES -> client.frame(FramePeer.PRIORITY, 0, 2, new byte[] {0, 0, 0, 2, 0});
            }

            assertThat(client.goneAway()).isEqualTo(FramePeer.PROTOCOL_ERROR);
        }
    }

    @Test
    void trailers_that_depend_on_their_own_stream_are_trailers() throws Exception {
        try (StrictUpstream rails = new StrictUpstream();
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                FramePeer client = FramePeer.settled(edge.port())) {
            client.post(1, "/");
            client.data(1, "body", false);
            byte[] block = client.block("x-sum", "1");
            byte[] payload = new byte[5 + block.length];
            payload[3] = 1;
            System.arraycopy(block, 0, payload, 5, block.length);

            client.frame(FramePeer.HEADERS, FramePeer.END_HEADERS | FramePeer.END_STREAM | 0x20, 1, payload);

            assertThat(client.answer(1).status()).isEqualTo("200");
            assertThat(rails.requests().get(0)).contains("body");
        }
    }

    @Test
    void an_empty_frame_ends_a_request_though_no_byte_follows_it() throws Exception {
        try (StrictUpstream rails = new StrictUpstream();
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                FramePeer client = FramePeer.settled(edge.port())) {
            client.post(1, "/");
            client.data(1, "body", false);

            client.data(1, "", true);

            assertThat(client.answer(1).status()).isEqualTo("200");
        }
    }

    @Test
    void a_conversation_may_come_byte_by_byte() throws Exception {
        try (StrictUpstream rails = new StrictUpstream();
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                FramePeer client = FramePeer.settled(edge.port())) {
            byte[] head = client.block(
                    ":method", "POST", ":scheme", "http", ":authority", "a", ":path", "/", "content-length", "8");
            byte[] begin = {2, head[0], head[1], 0, 0};
            byte[] rest = Arrays.copyOfRange(head, 2, head.length);
            byte[][] frames = {
                FramePeer.bytes(FramePeer.HEADERS, 0x8, 1, begin),
                FramePeer.bytes(FramePeer.CONTINUATION, 0, 1),
                FramePeer.bytes(FramePeer.CONTINUATION, FramePeer.END_HEADERS, 1, rest),
                FramePeer.bytes(
                        FramePeer.DATA, 0x8, 1, (byte) 3, (byte) 'b', (byte) 'o', (byte) 'd', (byte) 0, (byte) 0, (byte)
                                0),
                FramePeer.bytes(FramePeer.PING, 0, 0, new byte[8]),
                FramePeer.bytes(FramePeer.DATA, 0, 1, (byte) 'y'),
                FramePeer.bytes(
                        FramePeer.DATA,
                        0x8 | FramePeer.END_STREAM,
                        1,
                        (byte) 0,
                        (byte) ',',
                        (byte) 'y',
                        (byte) 'e',
                        (byte) 's')
            };

            for (byte[] frame : frames) {
                for (byte b : frame) {
                    client.send(new byte[] {b});
                }
            }

            assertThat(client.answer(1).status()).isEqualTo("200");
            assertThat(rails.requests().get(0)).endsWith("\r\n\r\nbody,yes");
        }
    }
}
