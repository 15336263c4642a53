package dev.banyan.traffic.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.testing.FramePeer;
import dev.banyan.testing.FramePeer.Frame;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The arithmetic of windows (RFC 9113, 6.9), up to its ends. */
class Http2WindowsTest {
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int DEFAULT_WINDOW_BYTES = 65_535;
    private static final int CONNECTION_WINDOW_BYTES = 1024 * 1024;
    private static final int FRAME_BYTES = 16_384;
    private static final int FLOW_CONTROL_ERROR = 3;
    private static final String LARGE = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(100_000);
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    /** Bytes of DATA until the next PING is answered. */
    private static int dataUntilPing(FramePeer client) throws IOException {
        client.frame(FramePeer.PING, 0, 0, new byte[8]);
        int bytes = 0;
        for (Frame frame = client.next(); frame != null; frame = client.next()) {
            if (frame.type() == FramePeer.DATA) {
                bytes += frame.payload().length;
            } else if (frame.type() == FramePeer.PING && frame.has(FramePeer.ACK)) {
                return bytes;
            }
        }
        throw new IOException("closed before the PING was answered");
    }

    private static void takeAll(FramePeer client, int bytes) throws IOException {
        for (int taken = 0; taken < bytes; ) {
            taken += client.await(FramePeer.DATA).payload().length;
        }
    }

    @Test
    void a_window_that_shrinks_below_nothing_must_be_filled_up_before_anything_is_sent() throws Exception {
        try (RawUpstream rails = RawUpstream.answering(LARGE);
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                FramePeer client = FramePeer.settled(edge.port())) {
            client.windowUpdate(0, 100_000);
            client.get(1, "/");
            takeAll(client, DEFAULT_WINDOW_BYTES);

            client.settings(INITIAL_WINDOW_SIZE, 0);
            client.windowUpdate(1, DEFAULT_WINDOW_BYTES);
            assertThat(dataUntilPing(client)).isZero();
            client.windowUpdate(1, 10);

            assertThat(client.await(FramePeer.DATA).payload()).hasSize(10);
            assertThat(dataUntilPing(client)).isZero();
            client.settings(INITIAL_WINDOW_SIZE, 5);
            assertThat(client.await(FramePeer.DATA).payload()).hasSize(5);
        }
    }

    @Test
    void a_window_may_be_as_large_as_can_be_and_no_larger() throws Exception {
        try (RawUpstream rails = RawUpstream.answeringAtTheEnd(OK);
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                FramePeer client = FramePeer.settled(edge.port())) {
            client.post(1, "/");
            client.post(3, "/");
            client.windowUpdate(0, Integer.MAX_VALUE - DEFAULT_WINDOW_BYTES);
            client.windowUpdate(1, Integer.MAX_VALUE - DEFAULT_WINDOW_BYTES);
            client.windowUpdate(3, Integer.MAX_VALUE - DEFAULT_WINDOW_BYTES + 1);

            Frame reset = client.next(FramePeer.RST_STREAM);
            client.data(1, "", true);

            assertThat(reset.stream()).isEqualTo(3);
            assertThat(reset.number(0)).isEqualTo(FLOW_CONTROL_ERROR);
            assertThat(client.answer(1).status()).isEqualTo("200");
        }
    }

    @Test
    void settings_that_make_a_window_larger_than_can_be_end_the_connection() throws Exception {
        try (RawUpstream rails = RawUpstream.answeringAtTheEnd(OK);
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                FramePeer client = FramePeer.settled(edge.port())) {
            client.post(1, "/");
            client.windowUpdate(1, Integer.MAX_VALUE - DEFAULT_WINDOW_BYTES);

            client.settings(INITIAL_WINDOW_SIZE, DEFAULT_WINDOW_BYTES + 1);

            assertThat(client.goneAway()).isEqualTo(FLOW_CONTROL_ERROR);
        }
    }

    /** What may become of content. */
    enum Fate {
        /** Its stream is reset by its client while it waits. */
        CANCELLED,
        /** Padding is most of it. */
        PADDED,
        /** There is more of it than was announced. */
        TOO_LONG,
        /** It comes for a stream that was reset. */
        LATE,
        /** It comes behind the end. */
        BEHIND_THE_END,
        /** Its request was answered and its answer is not taken. */
        NOT_WANTED
    }

    @ParameterizedTest
    @EnumSource(Fate.class)
    void the_connections_window_opens_again_whatever_becomes_of_content(Fate fate) throws Exception {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    for (String head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
                        if (head.contains("/answered")) {
                            connection.write("HTTP/1.1 413 No\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
                            return;
                        }
                    }
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                FramePeer client = FramePeer.to(edge.port())) {
            if (fate == Fate.NOT_WANTED) {
                client.settings(INITIAL_WINDOW_SIZE, 0);
            }
            String piece = "x".repeat(FRAME_BYTES);
            int used = 0;
            // Beside what its first opening adds.
            int granted = DEFAULT_WINDOW_BYTES - CONNECTION_WINDOW_BYTES;
            int stream = 1;
            // Each round uses up to a frame; mistakes are borne fifty times.
            for (int round = 0; round < 40; round++, stream += 2) {
                switch (fate) {
                    case CANCELLED -> {
                        client.post(stream, "/");
                        client.data(stream, piece, false);
                        client.frame(FramePeer.RST_STREAM, 0, stream, FramePeer.number(8));
                    }
                    case PADDED -> {
                        client.post(stream, "/");
                        for (int i = 0; i < 64; i++) {
                            byte[] padded = new byte[256];
                            padded[0] = (byte) 250;
                            client.frame(FramePeer.DATA, 0x8, stream, padded);
                        }
                        client.frame(FramePeer.RST_STREAM, 0, stream, FramePeer.number(8));
                    }
                    case TOO_LONG -> {
                        client.post(stream, "/", "content-length", "10");
                        client.data(stream, piece, false);
                    }
                    case LATE -> {
                        client.post(stream, "/", "content-length", "1");
                        client.data(stream, "xx", false);
                        client.data(stream, piece, false);
                        used += 2;
                    }
                    case BEHIND_THE_END -> {
                        client.get(stream, "/");
                        client.data(stream, piece, false);
                    }
                    case NOT_WANTED -> {
                        client.post(stream, "/answered");
                        granted += grantedUntil(client, FramePeer.HEADERS);
                        client.data(stream, piece, false);
                    }
                }
                used += FRAME_BYTES;
            }

            assertThat(used).isGreaterThan(CONNECTION_WINDOW_BYTES / 2);
            client.frame(FramePeer.PING, 0, 0, new byte[8]);
            granted += grantedUntil(client, FramePeer.PING);
            assertThat(granted).isGreaterThanOrEqualTo(used - CONNECTION_WINDOW_BYTES / 2);
        }
    }

    /** What the connection's window was opened by until the next frame of that type. */
    private static int grantedUntil(FramePeer client, int type) throws IOException {
        int granted = 0;
        for (Frame frame = client.next(); frame != null; frame = client.next()) {
            if (frame.type() == FramePeer.WINDOW_UPDATE && frame.stream() == 0) {
                granted += frame.number(0);
            } else if (frame.type() == type) {
                return granted;
            }
        }
        throw new IOException("closed before a frame of type " + type);
    }
}
