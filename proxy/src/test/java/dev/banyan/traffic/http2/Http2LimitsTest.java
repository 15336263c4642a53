package dev.banyan.traffic.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.dataplane.listener.ConnectionLimits;
import dev.banyan.dataplane.listener.ListenerSettings;
import dev.banyan.dataplane.message.HeadLimits;
import dev.banyan.dataplane.message.Http2Limits;
import dev.banyan.dataplane.wire.ClientTimeouts;
import dev.banyan.net.Networks;
import dev.banyan.testing.FramePeer;
import dev.banyan.testing.FramePeer.Frame;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Step;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a connection of HTTP/2 may have under way is as the settings say: announced, and held. */
class Http2LimitsTest {
    private static final int MAX_CONCURRENT_STREAMS = 3;
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int FLOW_CONTROL_ERROR = 3;
    private static final int REFUSED_STREAM = 7;
    private static final int CANCEL = 8;
    private static final int DEFAULT_WINDOW_BYTES = 65_535;
    private static final int FRAME_BYTES = 16_384;

    private static TestEdge edge(RawUpstream rails, Http2Limits limits) throws IOException {
        return TestEdge.with(
                Tables.of("""
                default: rails
                upstreams:
                  rails: { url: "http://127.0.0.1:%d", limits: { concurrent: 1, queue: 1000, queue-timeout: 1m } }
                """.formatted(rails.port())),
                new ListenerSettings(
                        Optional.of(TestEdge.anyPort()),
                        Optional.empty(),
                        Networks.NONE,
                        false,
                        ConnectionLimits.DEFAULT,
                        HeadLimits.DEFAULT,
                        limits),
                ClientTimeouts.DEFAULT);
    }

    /** Takes a head, and nothing of the body behind it. */
    private static RawUpstream busy(Step step) throws IOException {
        return RawUpstream.running(connection -> {
            connection.readHead();
            step.await();
        });
    }

    @Test
    void they_are_announced() throws Exception {
        try (Step step = new Step();
                RawUpstream rails = busy(step);
                TestEdge edge = edge(rails, new Http2Limits(7, 128 * 1024, 256 * 1024));
                FramePeer client = FramePeer.to(edge.port())) {

            ByteBuffer settings =
                    ByteBuffer.wrap(client.await(FramePeer.SETTINGS).payload());
            Frame window = client.await(FramePeer.WINDOW_UPDATE);

            Map<Integer, Integer> announced = new HashMap<>();
            while (settings.hasRemaining()) {
                announced.put((int) settings.getShort(), settings.getInt());
            }
            assertThat(announced)
                    .containsEntry(MAX_CONCURRENT_STREAMS, 7)
                    .containsEntry(INITIAL_WINDOW_SIZE, 128 * 1024);
            assertThat(window.stream()).isZero();
            assertThat(window.number(0)).isEqualTo(256 * 1024 - DEFAULT_WINDOW_BYTES);
        }
    }

    @Test
    void one_request_more_than_allowed_is_refused() throws Exception {
        try (Step step = new Step();
                RawUpstream rails = busy(step);
                TestEdge edge = edge(rails, new Http2Limits(2, 128 * 1024, 256 * 1024));
                FramePeer client = FramePeer.settled(edge.port())) {
            client.get(1, "/");
            client.get(3, "/");

            client.get(5, "/");

            Frame refused = client.next(FramePeer.RST_STREAM);
            assertThat(refused.stream()).isEqualTo(5);
            assertThat(refused.number(0)).isEqualTo(REFUSED_STREAM);
        }
    }

    @Test
    void a_stream_may_send_as_much_as_its_window_is_and_no_more() throws Exception {
        try (Step step = new Step();
                RawUpstream rails = busy(step);
                TestEdge edge = edge(rails, new Http2Limits(2, 128 * 1024, 1024 * 1024));
                FramePeer client = FramePeer.settled(edge.port())) {
            client.get(1, "/");
            // It waits for the first, so that nobody takes its body.
            client.post(3, "/");

            for (int sent = 0; sent < 128 * 1024; sent += FRAME_BYTES) {
                client.data(3, "x".repeat(FRAME_BYTES), false);
            }
            client.frame(FramePeer.PING, 0, 0, new byte[8]);
            assertThat(typesUntilPing(client)).doesNotContain(FramePeer.RST_STREAM);
            Frame reset = overflow(client, 3);

            assertThat(reset.stream()).isEqualTo(3);
            assertThat(reset.number(0)).isEqualTo(FLOW_CONTROL_ERROR);
        }
    }

    private static List<Integer> typesUntilPing(FramePeer client) throws IOException {
        List<Integer> types = new ArrayList<>();
        for (Frame frame = client.next(); frame != null && frame.type() != FramePeer.PING; frame = client.next()) {
            types.add(frame.type());
        }
        return types;
    }

    /** Sends on until the stream is reset. */
    private static Frame overflow(FramePeer client, int stream) throws IOException {
        for (int i = 0; i < 16; i++) {
            client.data(stream, "x".repeat(FRAME_BYTES), false);
        }
        return client.next(FramePeer.RST_STREAM);
    }

    @Test
    void a_client_that_may_have_many_requests_may_cancel_them_all() throws Exception {
        try (Step step = new Step();
                RawUpstream rails = busy(step);
                TestEdge edge = edge(rails, new Http2Limits(300, 64 * 1024, 64 * 1024));
                FramePeer client = FramePeer.settled(edge.port())) {
            for (int stream = 1; stream < 600; stream += 2) {
                client.get(stream, "/");
            }

            for (int stream = 1; stream < 600; stream += 2) {
                client.frame(FramePeer.RST_STREAM, 0, stream, FramePeer.number(CANCEL));
            }
            client.frame(FramePeer.PING, 0, 0, new byte[8]);

            assertThat(client.await(FramePeer.PING).has(FramePeer.ACK)).isTrue();
        }
    }
}
