package dev.banyan.traffic.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.dataplane.message.rules.MinimumRate;
import dev.banyan.dataplane.wire.ClientTimeouts;
import dev.banyan.testing.Await;
import dev.banyan.testing.FramePeer;
import dev.banyan.testing.FramePeer.Frame;
import dev.banyan.testing.Gauges;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** When a connection of HTTP/2 ends: drained without a loss, idle, or too slow. */
class Http2LifetimeTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void a_drain_is_announced_then_what_is_under_way_ends_and_the_connection_closes() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    for (String head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
                        asked.countDown();
                        Await.uninterruptibly(mayAnswer);
                        connection.write(OK);
                    }
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                FramePeer client = FramePeer.settled(edge.port())) {
            client.get(1, "/");
            Await.uninterruptibly(asked);

            Future<Boolean> drained = other.submit(() -> edge.plane().drain(LONG));
            Frame announced = client.await(FramePeer.GOAWAY);
            // It was on its way before the client could know.
            client.get(3, "/");
            Frame ping = client.await(FramePeer.PING);
            client.frame(FramePeer.PING, FramePeer.ACK, 0, ping.payload());
            Frame last = client.await(FramePeer.GOAWAY);
            mayAnswer.countDown();

            assertThat(announced.number(0)).isEqualTo(Integer.MAX_VALUE);
            assertThat(announced.number(4)).isZero();
            assertThat(last.number(0)).isEqualTo(3);
            FramePeer.Answer first = client.answer(1);
            assertThat(first.status()).isEqualTo("200");
            assertThat(drained.get()).isTrue();
        } finally {
            other.shutdownNow();
        }
    }

    @Test
    void a_drain_does_not_wait_for_a_client_that_does_not_answer_the_ping() throws Exception {
        try (RawUpstream rails = RawUpstream.answering(OK);
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                FramePeer client = FramePeer.settled(edge.port())) {
            client.get(1, "/");
            assertThat(client.answer(1).status()).isEqualTo("200");
            CountDownLatch gone = new CountDownLatch(1);
            Thread reader = new Thread(() -> {
                try {
                    client.goneAway();
                    client.socket().close();
                } catch (IOException e) {
                    // closed, as it should be
                }
                gone.countDown();
            });
            reader.start();

            assertThat(edge.plane().drain(LONG)).isTrue();
            Await.uninterruptibly(gone);
        }
    }

    @Test
    void an_idle_connection_is_told_to_go_whether_it_pings_or_not() throws Exception {
        try (RawUpstream rails = RawUpstream.answering(OK);
                TestEdge edge = edge(rails, new ClientTimeouts(LONG, SHORT, LONG, SHORT));
                FramePeer client = FramePeer.settled(edge.port())) {
            client.get(1, "/");
            assertThat(client.answer(1).status()).isEqualTo("200");

            client.frame(FramePeer.PING, 0, 0, new byte[8]);

            assertThat(client.goneAway()).as("NO_ERROR").isZero();
        }
    }

    @Test
    void a_preface_that_does_not_come_in_time_is_not_waited_for() throws Exception {
        try (RawUpstream rails = RawUpstream.answering(OK);
                TestEdge edge = edge(rails, new ClientTimeouts(SHORT, LONG, LONG, SHORT));
                FramePeer half = FramePeer.mute(edge.port());
                FramePeer withoutSettings = FramePeer.mute(edge.port());
                FramePeer withinHead = FramePeer.settled(edge.port())) {

            half.raw("PRI * HTTP/2.0");
            withoutSettings.raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
            withinHead.frame(FramePeer.HEADERS, 0, 1, withinHead.block(":method", "GET"));

            assertThat(half.next()).isNull();
            assertThat(withoutSettings.goneAway()).isEqualTo(FramePeer.ENHANCE_YOUR_CALM);
            assertThat(withinHead.goneAway()).isEqualTo(FramePeer.ENHANCE_YOUR_CALM);
            assertThat(edge.registry()
                            .get("banyan.http2.misuse")
                            .tag("kind", "slow-start")
                            .counter()
                            .count())
                    .isEqualTo(3);
        }
    }

    @Test
    void a_body_that_stops_coming_gets_408_and_its_connection_goes_on() throws Exception {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    for (String head = connection.readHead(); head.startsWith("GET "); head = connection.readHead()) {
                        connection.write(OK);
                    }
                    while (connection.read() >= 0) {
                        // the body
                    }
                });
                TestEdge edge = edge(rails, new ClientTimeouts(LONG, LONG, SHORT, LONG, new MinimumRate(0, LONG)));
                FramePeer client = FramePeer.settled(edge.port())) {

            client.post(1, "/");
            client.data(1, "x", false);

            assertThat(client.answer(1).status()).isEqualTo("408");
            client.get(3, "/");
            assertThat(client.answer(3).status()).isEqualTo("200");
        }
    }

    @Test
    void a_body_that_drips_gets_408() throws Exception {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    while (connection.read() >= 0) {
                        // the body
                    }
                });
                TestEdge edge =
                        edge(rails, new ClientTimeouts(LONG, LONG, LONG, LONG, new MinimumRate(1 << 20, SHORT)));
                FramePeer client = FramePeer.settled(edge.port())) {

            client.post(1, "/");
            client.data(1, "x", false);

            assertThat(client.answer(1).status()).isEqualTo("408");
        }
    }

    @Test
    void an_answer_whose_window_stays_shut_is_given_up_and_its_upstream_freed() throws Exception {
        try (RawUpstream rails = RawUpstream.answering(
                        "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + "x".repeat(1_000_000));
                TestEdge edge = edge(rails, new ClientTimeouts(LONG, LONG, SHORT, LONG));
                FramePeer client = FramePeer.mute(edge.port())) {

            client.raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
            client.settings(4, 0);
            client.get(1, "/");
            Frame reset = client.await(FramePeer.RST_STREAM);

            assertThat(reset.stream()).isEqualTo(1);
            Await.until(() -> Gauges.open(edge) == 0);
            assertThat(edge.registry()
                            .get("banyan.http2.misuse")
                            .tag("kind", "stalled-stream")
                            .counter()
                            .count())
                    .isEqualTo(1);
        }
    }

    private static TestEdge edge(RawUpstream rails, ClientTimeouts timeouts) throws Exception {
        return TestEdge.with(Tables.onlyDefault(rails.port()), timeouts);
    }
}
