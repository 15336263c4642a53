package dev.banyan.traffic.failures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.testing.FramePeer;
import dev.banyan.testing.FramePeer.Frame;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import dev.banyan.testing.TwoSides;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an upstream of HTTP/2 says it did not look at (RFC 9113, 8.7) is sent again, as long as all that left of it is held. */
class RefusedStreamTest {
    private static final int REFUSED_STREAM = 7;
    private static final int HOLD_BODY_BYTES = 64 * 1024;

    /** How an upstream says so. */
    enum Refusal {
        REFUSED {
            @Override
            void say(FramePeer peer, int stream) throws IOException {
                peer.frame(FramePeer.RST_STREAM, 0, stream, FramePeer.number(REFUSED_STREAM));
            }
        },
        GONE_AWAY {
            @Override
            void say(FramePeer peer, int stream) throws IOException {
                peer.frame(FramePeer.GOAWAY, 0, 0, new byte[8]);
            }
        };

        abstract void say(FramePeer peer, int stream) throws IOException;
    }

    /** Refuses the first request of so many connections, when it is whole; answers every other with its body's length. */
    private static final class Refusing implements RawUpstream.Script {
        private final Refusal refusal;
        private final int refusals;
        private final AtomicInteger connections = new AtomicInteger();
        private final List<String> answered = new CopyOnWriteArrayList<>();

        Refusing(Refusal refusal, int refusals) {
            this.refusal = refusal;
            this.refusals = refusals;
        }

        @Override
        public void run(RawUpstream.Connection connection) throws IOException {
            FramePeer peer = FramePeer.accepted(connection.socket());
            boolean refuses = connections.incrementAndGet() <= refusals;
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            for (Frame frame = peer.next(); frame != null; frame = peer.next()) {
                if (frame.type() == FramePeer.DATA && frame.payload().length > 0) {
                    body.write(frame.payload());
                    peer.windowUpdate(0, frame.payload().length);
                    peer.windowUpdate(frame.stream(), frame.payload().length);
                }
                boolean ends = frame.type() == FramePeer.HEADERS || frame.type() == FramePeer.DATA;
                if (ends && frame.has(FramePeer.END_STREAM)) {
                    if (refuses) {
                        refusal.say(peer, frame.stream());
                    } else {
                        answered.add(body.toString(StandardCharsets.ISO_8859_1));
                        peer.headers(frame.stream(), true, ":status", "200");
                    }
                    body.reset();
                }
            }
        }
    }

    private static String post(TestEdge edge, String path, String body) throws IOException {
        return RawClient.exchange(
                edge.port(),
                "POST %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
                        .formatted(path, body.length(), body));
    }

    private static TestEdge edge(RawUpstream rails, String more) throws IOException {
        return TestEdge.with(Tables.of("""
                default: rails
                upstreams:
                  rails: { url: "http://127.0.0.1:%d", protocol: h2c%s }
                """.formatted(rails.port(), more)));
    }

    @ParameterizedTest
    @EnumSource(Refusal.class)
    void a_post_is_sent_again_with_its_whole_body_on_another_connection(Refusal refusal) throws Exception {
        Refusing script = new Refusing(refusal, 1);
        String body = "payment=1&".repeat(HOLD_BODY_BYTES / 10);
        try (RawUpstream rails = RawUpstream.running(script);
                TestEdge edge = edge(rails, "")) {

            assertThat(post(edge, "/", body)).startsWith("HTTP/1.1 200 ");
            assertThat(script.answered).containsExactly(body);
            assertThat(script.connections).hasValue(2);
        }
    }

    @ParameterizedTest
    @EnumSource(Refusal.class)
    void so_is_one_without_a_body(Refusal refusal) throws Exception {
        Refusing script = new Refusing(refusal, 1);
        try (RawUpstream rails = RawUpstream.running(script);
                TestEdge edge = edge(rails, "")) {

            assertThat(post(edge, "/", "")).startsWith("HTTP/1.1 200 ");
            assertThat(script.answered).containsExactly("");
        }
    }

    @Test
    void a_body_larger_than_what_is_held_is_not_sent_again() throws Exception {
        Refusing script = new Refusing(Refusal.REFUSED, 1);
        try (RawUpstream rails = RawUpstream.running(script);
                TestEdge edge = edge(rails, "")) {

            String answer = post(edge, "/", "x".repeat(HOLD_BODY_BYTES + 1));

            assertThat(answer).startsWith("HTTP/1.1 502 ").contains("upstream rails refused the stream");
            assertThat(script.answered).isEmpty();
        }
    }

    @Test
    void who_refuses_again_is_asked_as_often_as_retries_allow_and_no_more() throws Exception {
        Refusing script = new Refusing(Refusal.REFUSED, 100);
        try (RawUpstream rails = RawUpstream.running(script);
                TestEdge edge = edge(rails, ", retries: { attempts: 2 }")) {

            assertThat(post(edge, "/", "body")).startsWith("HTTP/1.1 502 ").contains("not-taken");
            assertThat(script.connections).hasValue(3);
        }
    }

    @Test
    void without_retries_it_is_not_sent_again() throws Exception {
        Refusing script = new Refusing(Refusal.REFUSED, 1);
        try (RawUpstream rails = RawUpstream.running(script);
                TestEdge edge = edge(rails, ", retries: { attempts: 0 }")) {

            assertThat(post(edge, "/", "body")).startsWith("HTTP/1.1 502 ").contains("not-taken");
            assertThat(script.answered).isEmpty();
        }
    }

    @Test
    void a_write_that_either_side_may_take_goes_to_legacy_when_modern_refuses_it_for_good() throws Exception {
        Refusing script = new Refusing(Refusal.REFUSED, 100);
        try (RawUpstream modern = RawUpstream.running(script);
                TwoSides sides = new TwoSides(modern.port(), "writes: either", "protocol: h2c")) {

            assertThat(sides.exchange("POST", "body"))
                    .startsWith("HTTP/1.1 200 ")
                    .endsWith("legacy");
            assertThat(script.connections).hasValue(2);
        }
    }

    @Test
    void a_write_that_modern_owns_never_goes_to_legacy() throws Exception {
        Refusing script = new Refusing(Refusal.REFUSED, 100);
        try (RawUpstream modern = RawUpstream.running(script);
                TwoSides sides = new TwoSides(modern.port(), "writes: modern", "protocol: h2c")) {

            assertThat(sides.exchange("POST", "body"))
                    .startsWith("HTTP/1.1 502 ")
                    .contains("not-taken");
            assertThat(sides.legacy().heads()).isEmpty();
        }
    }
}
