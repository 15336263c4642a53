package dev.banyan.traffic.failures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.dataplane.message.rules.MinimumRate;
import dev.banyan.dataplane.wire.ClientTimeouts;
import dev.banyan.routing.Flags;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Upstream;
import dev.banyan.testing.Await;
import dev.banyan.testing.Gauges;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.StrictUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Nobody waits for ever: neither for a slow client nor for a slow upstream. */
class TimeoutTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final MinimumRate NO_RATE = new MinimumRate(0, LONG);
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private static TestEdge edge(RawUpstream rails, ClientTimeouts clients, Duration response, Duration idle)
            throws IOException {
        Upstream.Timeouts timeouts = new Upstream.Timeouts(Duration.ofSeconds(1), response, idle, Optional.empty());
        Upstream upstream = Tables.upstream("rails", rails.port(), timeouts, Upstream.Limits.DEFAULT);
        return TestEdge.with(RoutingTable.of(1, Tables.base(List.of(upstream), List.of()), Flags.NONE), clients);
    }

    private static TestEdge withClients(RawUpstream rails, ClientTimeouts clients) throws IOException {
        return edge(rails, clients, LONG, LONG);
    }

    private static TestEdge withUpstreams(RawUpstream rails, Duration response, Duration idle) throws IOException {
        return edge(rails, ClientTimeouts.DEFAULT, response, idle);
    }

    private static RawUpstream silent() throws IOException {
        return RawUpstream.running(connection -> {
            connection.readHead();
            while (connection.read() >= 0) {
                // and never answers
            }
        });
    }

    /** Sends {@code piece} again and again until the edge has closed, and returns what it answered. */
    private static String drip(RawClient client, String piece) throws IOException {
        AtomicBoolean over = new AtomicBoolean();
        Thread dripping = new Thread(() -> {
            try {
                while (!over.get()) {
                    client.send(piece);
                    java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
                }
            } catch (IOException e) {
                // closed, as it should be
            }
        });
        dripping.start();
        try {
            return client.readToEnd();
        } finally {
            over.set(true);
        }
    }

    @Test
    void a_head_that_drips_is_answered_408_and_closed() throws IOException {
        try (RawUpstream rails = silent();
                TestEdge edge = withClients(rails, new ClientTimeouts(SHORT, LONG, LONG, SHORT));
                RawClient client = new RawClient(edge.port())) {

            client.send("GET / HTTP/1.1\r\nHost: a\r\nX: ");

            assertThat(drip(client, "y")).startsWith("HTTP/1.1 408 ").contains("\r\nConnection: close\r\n");
            assertThat(rails.heads()).isEmpty();
        }
    }

    @Test
    void two_hundred_slow_heads_hold_up_nobody() throws IOException {
        List<RawClient> slow = new java.util.ArrayList<>();
        try (RawUpstream rails = RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                TestEdge edge = withClients(rails, new ClientTimeouts(Duration.ofSeconds(1), LONG, LONG, SHORT))) {
            for (int i = 0; i < 200; i++) {
                RawClient client = new RawClient(edge.port());
                client.send("GET / HTTP/1.1\r\nX:");
                slow.add(client);
            }

            assertThat(RawClient.exchange(edge.port(), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                    .endsWith("ok");
            for (RawClient client : slow) {
                assertThat(client.readToEnd()).startsWith("HTTP/1.1 408 ");
                client.close();
            }
        }
    }

    @Test
    void an_idle_connection_is_closed_without_a_word() throws IOException {
        try (RawUpstream rails = RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                TestEdge edge = withClients(rails, new ClientTimeouts(LONG, SHORT, LONG, SHORT));
                RawClient used = new RawClient(edge.port());
                RawClient unused = new RawClient(edge.port())) {

            used.send(GET);
            used.readHead();
            used.read(2);

            assertThat(used.readToEnd()).isEmpty();
            assertThat(unused.readToEnd()).isEmpty();
        }
    }

    @Test
    void a_body_that_stops_is_answered_408() throws IOException {
        try (RawUpstream rails = silent();
                TestEdge edge = withClients(rails, new ClientTimeouts(LONG, LONG, SHORT, SHORT));
                RawClient client = new RawClient(edge.port())) {

            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nx");

            assertThat(client.readToEnd()).startsWith("HTTP/1.1 408 ");
            Await.until(() -> Gauges.open(edge) == 0);
        }
    }

    @Test
    void a_body_that_drips_is_cut_by_the_minimum_rate() throws IOException {
        try (RawUpstream rails = silent();
                TestEdge edge =
                        withClients(rails, new ClientTimeouts(LONG, LONG, LONG, SHORT, new MinimumRate(1000, SHORT)));
                RawClient client = new RawClient(edge.port())) {

            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");

            assertThat(drip(client, "x")).startsWith("HTTP/1.1 408 ").contains("too slowly");
        }
    }

    @Test
    void a_body_that_keeps_the_minimum_rate_is_not_cut() throws IOException {
        try (StrictUpstream rails = new StrictUpstream();
                TestEdge edge = TestEdge.with(
                        Tables.onlyDefault(rails.port()),
                        new ClientTimeouts(LONG, LONG, LONG, SHORT, new MinimumRate(1000, SHORT)));
                RawClient client = new RawClient(edge.port())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 20000\r\n\r\n");
            Thread dripping = new Thread(() -> {
                try {
                    for (int i = 0; i < 40; i++) {
                        client.send("x".repeat(500));
                        java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
                    }
                } catch (IOException e) {
                    // the assertion below says what is wrong
                }
            });
            dripping.start();

            assertThat(client.readToEnd()).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    @Test
    void a_client_that_takes_nothing_of_its_answer_is_cut_and_its_upstream_freed() throws IOException {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n");
                    for (int i = 0; i < 1000; i++) {
                        connection.output().write(new byte[100_000]);
                    }
                });
                TestEdge edge = withClients(rails, new ClientTimeouts(LONG, LONG, SHORT, SHORT, NO_RATE));
                RawClient client = new RawClient(edge.port(), 8 * 1024)) {

            client.send(GET);
            client.readHead();

            Await.until(() -> Gauges.open(edge) == 0);
        }
    }

    @Test
    void an_upstream_that_does_not_answer_gives_504() throws IOException {
        try (RawUpstream rails = silent();
                TestEdge edge = withUpstreams(rails, SHORT, LONG);
                RawClient client = new RawClient(edge.port())) {

            client.send(GET);
            assertThat(client.readHead()).startsWith("HTTP/1.1 504 Gateway Timeout\r\n");
            Await.until(() -> Gauges.open(edge) == 0);
            assertThat(rails.heads()).hasSize(1);
        }
    }

    @Test
    void an_upstream_whose_head_drips_gives_504() throws IOException {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\nX: ");
                    while (true) {
                        connection.write("y");
                        java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
                    }
                });
                TestEdge edge = withUpstreams(rails, SHORT, LONG);
                RawClient client = new RawClient(edge.port())) {

            client.send(GET);

            assertThat(client.readHead()).startsWith("HTTP/1.1 504 Gateway Timeout\r\n");
        }
    }

    @Test
    void an_answer_that_stops_is_cut_visibly() throws IOException {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n");
                    connection.read();
                });
                TestEdge edge = withUpstreams(rails, LONG, SHORT);
                RawClient client = new RawClient(edge.port())) {

            client.send(GET);

            assertThat(client.readToEnd()).endsWith("\r\n\r\n1\r\nx\r\n");
        }
    }

    @Test
    void a_slow_upload_does_not_count_against_the_upstream() throws IOException {
        try (StrictUpstream rails = new StrictUpstream();
                TestEdge edge = TestEdge.with(RoutingTable.of(
                        1,
                        Tables.base(
                                List.of(Tables.upstream(
                                        "rails",
                                        rails.port(),
                                        new Upstream.Timeouts(Duration.ofSeconds(1), SHORT, SHORT, Optional.empty()),
                                        Upstream.Limits.DEFAULT)),
                                List.of()),
                        Flags.NONE));
                RawClient client = new RawClient(edge.port())) {

            client.send("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\nx");
            long start = System.nanoTime();
            Await.until(() -> System.nanoTime() - start > SHORT.toNanos() * 2);
            client.send("y");

            assertThat(client.readToEnd()).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }
}
