package dev.banyan.traffic.websockets;

import static dev.banyan.testing.Handshake.ASKED;
import static dev.banyan.testing.Handshake.GRANTED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.dataplane.message.rules.MinimumRate;
import dev.banyan.dataplane.wire.ClientTimeouts;
import dev.banyan.testing.Await;
import dev.banyan.testing.Gauges;
import dev.banyan.testing.Handshake;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Step;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bytes both ways after the 101, until one side ends it. */
@Timeout(60)
class WebSocketTunnelTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final byte[] GOING_AWAY = {(byte) 0x88, 2, 0x03, (byte) 0xe9};
    private static final int MIB = 1024 * 1024;
    private static final int SMALL_BUFFER_BYTES = 64 * 1024;

    /** Looks without a change, after which nothing moves any more. */
    private static final int STILL = 50;

    private static RawClient connected(TestEdge edge) throws IOException {
        return connected(new RawClient(edge.port()));
    }

    private static RawClient connected(RawClient client) throws IOException {
        client.send(ASKED);
        assertThat(client.readHead()).startsWith("HTTP/1.1 101 Switching Protocols\r\n");
        return client;
    }

    private static double tunnels(TestEdge edge) {
        return edge.registry().find("banyan.tunnels").tag("route", "default").tag("side", "legacy").gauges().stream()
                .mapToDouble(Gauge::value)
                .sum();
    }

    @Test
    void a_mebibyte_goes_there_and_back_to_a_client_that_reads_late() throws Exception {
        byte[] sent = new byte[MIB];
        new Random(7).nextBytes(sent);
        try (RawUpstream rails = Handshake.echo();
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = connected(new RawClient(edge.port(), SMALL_BUFFER_BYTES))) {

            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                try {
                    client.send(sent);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            byte[] received = client.input().readNBytes(MIB);

            assertThat(received).isEqualTo(sent);
            sending.get();
        }
    }

    @Test
    void an_upstream_is_held_back_by_a_client_that_does_not_read() throws Exception {
        AtomicLong written = new AtomicLong();
        byte[] piece = new byte[64 * 1024];
        int pieces = 1024;
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write(GRANTED);
                    OutputStream out = connection.output();
                    for (int i = 0; i < pieces; i++) {
                        out.write(piece);
                        written.addAndGet(piece.length);
                    }
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = connected(edge)) {

            untilNothingMoves(written);

            assertThat(written.get()).isLessThan((long) pieces * piece.length);
            assertThat(client.read(MIB)).hasSize(MIB);
        }
    }

    @Test
    void what_the_client_sends_before_the_101_is_the_first_of_the_tunnel() throws IOException {
        try (RawUpstream rails = Handshake.echo();
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {
            String early = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

            client.send(ASKED + early);

            assertThat(client.readHead()).startsWith("HTTP/1.1 101 Switching Protocols\r\n");
            assertThat(client.read(early.length())).isEqualTo(early);
            assertThat(rails.heads()).hasSize(1);
        }
    }

    @Test
    void what_is_sent_before_the_101_and_is_too_much_to_keep_waits_for_it() throws Exception {
        byte[] early = new byte[2 * MIB];
        new Random(7).nextBytes(early);
        CompletableFuture<byte[]> got = new CompletableFuture<>();
        try (Step asked = new Step();
                RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    asked.await();
                    assertThat(connection.input().available()).isZero();
                    connection.write(GRANTED);
                    got.complete(connection.readBytes(early.length));
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {
            client.send(ASKED);
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                try {
                    client.send(early);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });

            Await.until(() -> rails.heads().size() == 1);
            asked.next();

            assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
            assertThat(got.get(30, TimeUnit.SECONDS)).isEqualTo(early);
            sending.get();
        }
    }

    @Test
    void an_upstream_that_closes_within_a_frame_ends_its_client_with_what_there_was() throws IOException {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write(GRANTED + "\u0081\u0004hal");
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = connected(edge)) {

            assertThat(client.readToEnd()).isEqualTo("\u0081\u0004hal");
            client.shutdownOutput();

            Await.until(() -> tunnels(edge) == 0 && Gauges.open(edge) == 0);
        }
    }

    @Test
    void what_comes_with_the_101_is_the_first_of_the_tunnel() throws IOException {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write(GRANTED + "\u0081\u0002hi");
                    connection.input().readAllBytes();
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = connected(edge)) {

            assertThat(client.read(4)).isEqualTo("\u0081\u0002hi");
        }
    }

    @Test
    void the_end_of_what_the_client_sends_is_passed_on_and_it_still_gets_the_rest() throws IOException {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write(GRANTED);
                    String all = new String(connection.input().readAllBytes(), StandardCharsets.US_ASCII);
                    connection.write("after the end: " + all);
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = connected(edge)) {

            client.send("last words");
            client.shutdownOutput();

            assertThat(client.readToEnd()).isEqualTo("after the end: last words");
            Await.until(() -> tunnels(edge) == 0);
        }
    }

    @Test
    void a_client_that_has_ended_its_sending_and_takes_slowly_still_gets_all_the_rest() throws Exception {
        byte[] rest = new byte[16 * MIB];
        new Random(11).nextBytes(rest);
        AtomicLong written = new AtomicLong();
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write(GRANTED);
                    connection.input().readAllBytes();
                    for (int at = 0; at < rest.length; at += SMALL_BUFFER_BYTES) {
                        connection.output().write(rest, at, SMALL_BUFFER_BYTES);
                        written.addAndGet(SMALL_BUFFER_BYTES);
                    }
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = connected(new RawClient(edge.port(), SMALL_BUFFER_BYTES))) {

            client.shutdownOutput();
            untilNothingMoves(written);

            byte[] got = client.input().readAllBytes();
            assertThat(got).hasSize(rest.length);
            assertThat(Arrays.equals(got, rest)).isTrue();
        }
    }

    /** Until whoever writes is held back. */
    private static void untilNothingMoves(AtomicLong written) {
        long[] lastAndHowOften = {0, 0};
        Await.until(() -> {
            long now = written.get();
            lastAndHowOften[1] = now == lastAndHowOften[0] ? lastAndHowOften[1] + 1 : 0;
            lastAndHowOften[0] = now;
            return now > 0 && lastAndHowOften[1] > STILL;
        });
    }

    @Test
    void the_end_of_what_the_upstream_sends_is_passed_on_and_it_still_gets_the_rest() throws Exception {
        CompletableFuture<String> got = new CompletableFuture<>();
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write(GRANTED + "last words");
                    connection.shutdownOutput();
                    got.complete(new String(connection.input().readAllBytes(), StandardCharsets.US_ASCII));
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = connected(edge)) {

            assertThat(client.readToEnd()).isEqualTo("last words");
            client.send("after the end");
            client.shutdownOutput();

            assertThat(got.get()).isEqualTo("after the end");
            Await.until(() -> tunnels(edge) == 0);
        }
    }

    @Test
    void a_client_that_does_not_close_after_its_upstream_did_is_closed() throws IOException {
        Duration linger = Duration.ofMillis(200);
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write(GRANTED);
                    connection.awaitRead();
                });
                TestEdge edge =
                        TestEdge.with(Tables.onlyDefault(rails.port()), new ClientTimeouts(LONG, LONG, LONG, linger));
                RawClient client = connected(edge)) {

            client.send("x");

            assertThat(client.read()).isEqualTo(-1);
            Await.until(() -> tunnels(edge) == 0 && Gauges.open(edge) == 0);
        }
    }

    @Test
    void an_upstream_that_resets_closes_the_client() throws IOException {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write(GRANTED);
                    connection.awaitRead();
                    connection.reset();
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = connected(edge)) {

            client.send("x");

            assertThat(client.readToEndOrReset()).isEmpty();
            Await.until(() -> tunnels(edge) == 0);
        }
    }

    @Test
    void a_client_that_vanishes_frees_its_upstream() throws Exception {
        CompletableFuture<Void> freed = new CompletableFuture<>();
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write(GRANTED);
                    try {
                        connection.input().readAllBytes();
                    } finally {
                        freed.complete(null);
                    }
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port())) {
            RawClient client = connected(edge);

            client.socket().setSoLinger(true, 0);
            client.close();

            freed.get();
            Await.until(() -> tunnels(edge) == 0 && Gauges.open(edge) == 0);
        }
    }

    @Test
    void one_in_which_nothing_moves_for_too_long_is_ended_with_going_away() throws IOException {
        try (RawUpstream rails = Handshake.echo();
                TestEdge edge = TestEdge.with(
                        Tables.onlyDefault(rails.port()),
                        new ClientTimeouts(LONG, LONG, LONG, LONG, MinimumRate.DEFAULT, Duration.ofMillis(200)));
                RawClient client = connected(edge)) {

            assertThat(client.input().readAllBytes()).isEqualTo(GOING_AWAY);
        }
    }

    @Test
    void a_stop_tells_both_sides_that_it_goes_away() throws Exception {
        CompletableFuture<byte[]> got = new CompletableFuture<>();
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write(GRANTED + "\u0081\u0002hi");
                    got.complete(connection.input().readAllBytes());
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = connected(edge)) {
            client.read(4);

            edge.plane().close();

            assertThat(client.input().readAllBytes()).isEqualTo(GOING_AWAY);
            byte[] close = got.get();
            assertThat(close).hasSize(8).startsWith(0x88, 0x82);
            assertThat((close[6] ^ close[2]) & 0xff).isEqualTo(0x03);
            assertThat((close[7] ^ close[3]) & 0xff).isEqualTo(0xe9);
        }
    }

    @Test
    void a_stop_puts_nothing_into_a_frame_that_is_not_whole() throws Exception {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write(GRANTED + "\u0081\u0004hal");
                    connection.input().readAllBytes();
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = connected(edge)) {
            client.read(5);

            edge.plane().close();

            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void a_drain_lets_it_go_on_until_its_limit() throws Exception {
        try (RawUpstream rails = Handshake.echo();
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = connected(edge)) {
            CompletableFuture<Boolean> drained =
                    CompletableFuture.supplyAsync(() -> edge.plane().drain(LONG));

            client.send("still here");
            assertThat(client.read(10)).isEqualTo("still here");
            client.shutdownOutput();

            assertThat(drained.get()).isTrue();
        }
    }

    @Test
    void it_holds_no_permit_and_is_counted_while_it_lasts() throws IOException {
        try (RawUpstream rails = Handshake.echo();
                TestEdge edge = TestEdge.with(Tables.of("""
                        default: rails
                        upstreams:
                          rails: { url: "http://127.0.0.1:%d", limits: { concurrent: 1, queue: 0 } }
                        """.formatted(rails.port())));
                RawClient one = connected(edge)) {

            try (RawClient other = connected(edge)) {
                assertThat(tunnels(edge)).isEqualTo(2);
                other.shutdownOutput();
                other.readToEnd();
            }

            Await.until(() -> tunnels(edge) == 1);
            one.send("x");
            assertThat(one.read(1)).isEqualTo("x");
        }
    }

    @Test
    void how_long_it_lasts_is_no_latency_of_its_route() throws IOException {
        try (RawUpstream rails = Handshake.echo();
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {
            long start = System.nanoTime();
            connected(client);
            long granted = System.nanoTime() - start;

            Await.until(() -> System.nanoTime() - start > 2 * granted);
            client.shutdownOutput();
            Timer[] requests = new Timer[1];
            Await.until(() -> {
                requests[0] = edge.registry()
                        .find("banyan.requests")
                        .tag("status", "1xx")
                        .timer();
                return requests[0] != null && requests[0].count() == 1;
            });

            assertThat(requests[0].totalTime(TimeUnit.NANOSECONDS)).isLessThanOrEqualTo((double) granted);
        }
    }
}
