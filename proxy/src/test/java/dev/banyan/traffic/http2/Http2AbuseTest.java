package dev.banyan.traffic.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.testing.Abuse;
import dev.banyan.testing.Await;
import dev.banyan.testing.FramePeer;
import dev.banyan.testing.FramePeer.Frame;
import dev.banyan.testing.Gauges;
import dev.banyan.testing.Http2Flood;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.TestEdge;
import io.micrometer.core.instrument.Counter;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What costs a client nothing and a server much ends its connection, is counted by kind, and holds up nobody else. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Http2AbuseTest {

    private final RawUpstream rails;
    private final TestEdge edge;
    private final HttpClient others =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Http2AbuseTest() throws IOException {
        // Answers others, and lets the attacker's requests hang.
        rails = RawUpstream.running(connection -> {
            for (String head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
                if (head.startsWith("GET /other ")) {
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                }
            }
        });
        edge = TestEdge.forwardingTo(rails.port());
    }

    @AfterAll
    void close() throws IOException {
        edge.close();
        rails.close();
    }

    static Stream<Arguments> floods() {
        return Http2Flood.all().map(flood -> Arguments.of(flood.kind(), flood.form(), flood.attack()));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource
    void floods(String kind, String form, Abuse.OnHttp2 attack) throws Exception {
        double before = counted(kind);
        try (FramePeer client = FramePeer.settled(edge.port())) {

            try {
                attack.on(client);
            } catch (IOException e) {
                // closed while it went on: so it should be
            }
            int code = client.goneAway();

            assertThat(code).as("ENHANCE_YOUR_CALM, or nothing after a reset").isIn(FramePeer.ENHANCE_YOUR_CALM, -1);
        }
        assertThat(counted(kind)).isEqualTo(before + 1);
        assertOthersAreServed();
    }

    /** What the attacker left behind: nothing. */
    @AfterEach
    void nothing_is_left_of_it() {
        Await.until(() -> Gauges.active(edge) == 0);
    }

    @Test
    void a_client_that_reads_no_answers_to_its_pings_costs_a_bounded_buffer() throws Exception {
        double before = counted("ping-flood");
        long memory = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
        try (FramePeer client = FramePeer.narrow(edge.port())) {
            byte[] pings = FramePeer.times(1000, FramePeer.bytes(FramePeer.PING, 0, 0, new byte[8]));

            try {
                for (int i = 0; i < 1000; i++) {
                    client.send(pings);
                }
            } catch (IOException e) {
                // closed while it went on: so it should be
            }

            Await.until(() -> counted("ping-flood") == before + 1);
            assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() - memory)
                    .isLessThan(32L << 20);
        }
        assertOthersAreServed();
    }

    @Test
    void a_thousand_tiny_frames_of_a_body_that_nobody_takes_are_no_thousand_buffers() throws Exception {
        long memory = PooledByteBufAllocator.DEFAULT.metric().usedHeapMemory();
        try (FramePeer client = FramePeer.settled(edge.port())) {
            client.post(1, "/");
            byte[] tiny = FramePeer.bytes(FramePeer.DATA, 0, 1, (byte) 'x');

            client.send(FramePeer.times(60_000, tiny));
            client.frame(FramePeer.PING, 0, 0, new byte[8]);
            client.await(FramePeer.PING);

            assertThat(PooledByteBufAllocator.DEFAULT.metric().usedHeapMemory() - memory)
                    .isLessThan(32L << 20);
            assertOthersAreServed();
        }
    }

    @Test
    void a_tiny_limit_on_heads_that_a_client_announces_costs_nothing() throws Exception {
        try (FramePeer client = FramePeer.settled(edge.port())) {

            client.settings(6, 1);
            client.get(1, "/other");

            // Advice only (RFC 9113, 6.5.2): a head that is larger is for the client to refuse.
            assertThat(client.answer(1).status()).isEqualTo("200");
        }
    }

    @Test
    void more_streams_than_allowed_are_refused_one_by_one_so_that_they_can_be_sent_again() throws Exception {
        try (FramePeer client = FramePeer.to(edge.port())) {
            for (int stream = 1; stream <= 2 * 128; stream += 2) {
                client.get(stream, "/");
            }
            client.get(257, "/");
            Frame reset = client.await(FramePeer.RST_STREAM);

            assertThat(reset.stream()).isEqualTo(257);
            assertThat(reset.number(0)).as("REFUSED_STREAM").isEqualTo(7);
        }
    }

    private double counted(String kind) {
        Counter counter =
                edge.registry().find("banyan.http2.misuse").tag("kind", kind).counter();
        return counter == null ? 0 : counter.count();
    }

    private void assertOthersAreServed() throws Exception {
        HttpResponse<String> answer =
                others.send(HttpRequest.newBuilder(edge.uri("/other")).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
    }
}
