package dev.banyan.traffic.tables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.contract.LiveUpstreams.LiveEndpoint;
import dev.banyan.dataplane.DataPlane;
import dev.banyan.testing.Await;
import dev.banyan.testing.Gauges;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Step;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import io.micrometer.core.instrument.Counter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each key of an upstream, changed under a running proxy: the new value holds for the next request, and what runs is not touched. */
class SettingsInForceTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String OOPS = "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n";
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String LAST = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    private final AtomicInteger revision = new AtomicInteger(1);

    private static String yaml(String settings) {
        return "default: rails\nupstreams:\n  rails: { " + settings + " }\n";
    }

    private static String at(int... ports) {
        List<String> endpoints = new ArrayList<>();
        for (int port : ports) {
            endpoints.add("\"http://127.0.0.1:" + port + "\"");
        }
        return "endpoints: [ " + String.join(", ", endpoints) + " ]";
    }

    private static TestEdge edge(String settings) throws IOException {
        return TestEdge.with(Tables.of(1, yaml(settings)));
    }

    private void change(TestEdge edge, String settings) throws IOException {
        edge.plane().putInForce(Tables.of(revision.incrementAndGet(), yaml(settings)));
    }

    private static String get(TestEdge edge) throws IOException {
        return RawClient.exchange(edge.port(), LAST);
    }

    private static void getsOk(RawClient client) throws IOException {
        assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
        assertThat(client.read(2)).isEqualTo("ok");
    }

    private static List<String> states(TestEdge edge) {
        return edge.plane().upstreams().of("rails").orElseThrow().endpoints().stream()
                .map(LiveEndpoint::state)
                .toList();
    }

    private static double counted(TestEdge edge, String meter) {
        return edge.registry().find(meter).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private static RawUpstream silent() throws IOException {
        return RawUpstream.running(connection -> {
            connection.readHead();
            connection.read();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "timeouts: { connect: 3s, response: 1m, idle: 2m, total: 5m }",
                "keep-alive: 7s",
                "limits: { concurrent: 7, queue: 9, queue-timeout: 3s }",
                "retries: { attempts: 0, budget: 1%, at-least: 1/s }",
                "breaker: { failures: 10%, over: 9, open-for: 1s }",
                "health: { path: /up, every: 1s }",
                "outlier: { errors: 9, eject-for: 1s, at-most: 10% }",
                "balance: round-robin",
                "protocol: h2c"
            })
    void a_request_under_way_ends_as_it_began_when_somebody_changes(String settings) throws IOException {
        try (Step goOn = new Step();
                RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no");
                    goOn.await();
                    connection.write("k");
                });
                TestEdge edge = edge(at(rails.port()));
                RawClient client = new RawClient(edge.port())) {
            client.send(GET);
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");

            change(edge, at(rails.port()) + ", " + settings);
            goOn.next();

            assertThat(client.read(2)).isEqualTo("ok");
            assertThat(rails.connections()).isEqualTo(1);
        }
    }

    @Test
    void timeouts_response() throws IOException {
        try (RawUpstream rails = silent();
                TestEdge edge = edge(at(rails.port()) + ", timeouts: { response: 10m }")) {
            change(edge, at(rails.port()) + ", timeouts: { response: 100ms }");

            assertThat(get(edge)).startsWith("HTTP/1.1 504 ").contains("did not begin to answer in time");
        }
    }

    @Test
    void timeouts_idle() throws IOException {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
                    connection.read();
                });
                TestEdge edge = edge(at(rails.port()) + ", timeouts: { idle: 10m }");
                RawClient client = new RawClient(edge.port())) {
            change(edge, at(rails.port()) + ", timeouts: { idle: 200ms }");
            client.send(LAST);

            assertThat(client.readToEndOrReset()).endsWith("\r\n\r\nhalf");
        }
    }

    @Test
    void timeouts_total() throws IOException {
        try (RawUpstream rails = silent();
                TestEdge edge = edge(at(rails.port()) + ", timeouts: { total: off }")) {
            change(edge, at(rails.port()) + ", timeouts: { total: 200ms }");

            assertThat(get(edge)).startsWith("HTTP/1.1 504 ").contains("did not finish in the time for all of it");
        }
    }

    @Test
    void timeouts_connect() throws IOException {
        // A full backlog: the kernel leaves further connections without an answer.
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                TestEdge edge = edge(at(full.getLocalPort()) + ", timeouts: { connect: 1m }")) {
            List<Socket> waiting = fill(full);
            change(edge, at(full.getLocalPort()) + ", timeouts: { connect: 200ms }, retries: { attempts: 0 }");

            assertThat(get(edge)).startsWith("HTTP/1.1 502 ").contains("did not take the connection in time");
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    private static List<Socket> fill(ServerSocket server) throws IOException {
        List<Socket> waiting = new ArrayList<>();
        while (waiting.size() < 16) {
            Socket socket = new Socket();
            waiting.add(socket);
            try {
                socket.connect(server.getLocalSocketAddress(), 500);
            } catch (SocketTimeoutException full) {
                return waiting;
            }
        }
        throw new IOException("a backlog of 1 took " + waiting.size());
    }

    @Test
    void keep_alive_of_connections_that_rest_already() throws IOException {
        Step closed = new Step();
        try (closed;
                RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write(OK);
                    connection.readHead();
                    closed.next();
                });
                TestEdge edge = edge(at(rails.port()) + ", keep-alive: 10m");
                RawClient client = new RawClient(edge.port())) {
            client.send(GET);
            getsOk(client);

            change(edge, at(rails.port()) + ", keep-alive: 100ms");

            closed.await();
            Await.until(() -> Gauges.open(edge) == 0);
        }
    }

    @Test
    void limits_concurrent_for_those_who_wait_already_and_queue() throws IOException {
        try (Step goOn = new Step();
                RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    goOn.await();
                    connection.write(OK);
                });
                TestEdge edge = edge(at(rails.port()) + ", limits: { concurrent: 1, queue: 5, queue-timeout: 10m }");
                RawClient first = new RawClient(edge.port());
                RawClient second = new RawClient(edge.port());
                RawClient third = new RawClient(edge.port())) {
            first.send(GET);
            Await.until(() -> rails.heads().size() == 1);
            second.send(GET);
            third.send(GET);
            Await.until(
                    () -> edge.registry().get("banyan.upstream.queued").gauge().value() == 2);

            change(edge, at(rails.port()) + ", limits: { concurrent: 2, queue: 1, queue-timeout: 10m }");

            Await.until(() -> rails.heads().size() == 2);
            assertThat(get(edge)).startsWith("HTTP/1.1 503 ");
            goOn.next();
            goOn.next();
            goOn.next();
            getsOk(first);
            getsOk(second);
            getsOk(third);
        }
    }

    @Test
    void limits_queue_timeout() throws IOException {
        try (Step goOn = new Step();
                RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    goOn.await();
                    connection.write(OK);
                });
                TestEdge edge = edge(at(rails.port()) + ", limits: { concurrent: 1, queue-timeout: 10m }");
                RawClient first = new RawClient(edge.port())) {
            first.send(GET);
            Await.until(() -> rails.heads().size() == 1);
            change(edge, at(rails.port()) + ", limits: { concurrent: 1, queue-timeout: 100ms }");

            assertThat(get(edge)).startsWith("HTTP/1.1 503 ");

            goOn.next();
            getsOk(first);
        }
    }

    @Test
    void retries() throws IOException {
        String nobody = at(RawUpstream.portNobodyListensOn());
        try (TestEdge edge = edge(nobody + ", retries: { attempts: 0 }")) {
            get(edge);
            assertThat(counted(edge, "banyan.retries")).isZero();

            change(edge, nobody + ", retries: { attempts: 3, at-least: 100/s }");
            get(edge);
            assertThat(counted(edge, "banyan.retries")).isEqualTo(3);

            change(edge, nobody + ", retries: { attempts: 3, budget: 0%, at-least: 0/s }");
            get(edge);
            assertThat(counted(edge, "banyan.retries")).isEqualTo(3);
        }
    }

    @Test
    void balance() throws IOException {
        try (RawUpstream one = RawUpstream.answering(OK);
                RawUpstream two = RawUpstream.answering(OK);
                TestEdge edge = edge(at(one.port(), two.port()) + ", balance: sticky");
                RawClient client = new RawClient(edge.port())) {
            change(edge, at(one.port(), two.port()) + ", balance: round-robin");
            int before = one.heads().size();

            for (int i = 0; i < 10; i++) {
                client.send(GET);
                getsOk(client);
            }

            assertThat(one.heads()).hasSize(before + 5);
        }
    }

    @Test
    void protocol_of_new_connections() throws IOException {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    String first = connection.readHead();
                    connection.write(first.startsWith("PRI ") ? "" : OK);
                    connection.readHead();
                });
                TestEdge edge = edge(at(rails.port()));
                RawClient client = new RawClient(edge.port())) {
            client.send(GET);
            getsOk(client);

            change(edge, at(rails.port()) + ", protocol: h2c, timeouts: { connect: 300ms }, retries: { attempts: 0 }");

            assertThat(get(edge)).startsWith("HTTP/1.1 502 ");
            assertThat(rails.heads()).anyMatch(head -> head.startsWith("PRI * HTTP/2.0\r\n"));
            Await.until(() -> Gauges.open(edge) == 0);
        }
    }

    @Test
    void outlier_and_what_it_ejected_stays_so_when_something_else_changes() throws IOException {
        String breaker = ", breaker: { over: 1000 }, balance: round-robin";
        try (RawUpstream good = RawUpstream.answering(OK);
                RawUpstream bad = RawUpstream.answering(OOPS);
                TestEdge edge = edge(at(good.port(), bad.port()) + breaker + ", outlier: { errors: 1000 }")) {
            for (int i = 0; i < 10; i++) {
                get(edge);
            }
            assertThat(states(edge)).containsExactly("ready", "ready");

            String ejecting = at(good.port(), bad.port()) + breaker + ", outlier: { errors: 1, eject-for: 10m }";
            change(edge, ejecting);
            Await.until(() -> {
                get(edge);
                return states(edge).equals(List.of("ready", "ejected"));
            });

            for (String other : List.of("limits: { queue: 3 }", "keep-alive: 9s", "timeouts: { response: 9s }")) {
                change(edge, ejecting + ", " + other);
                assertThat(states(edge)).as(other).containsExactly("ready", "ejected");
            }
            change(edge, at(good.port(), bad.port()) + breaker + ", outlier: { errors: 5, eject-for: 1s }");
            assertThat(states(edge)).as("its time is not over").containsExactly("ready", "ejected");
        }
    }

    @Test
    void health_and_what_it_counted_stays_when_something_else_changes() throws IOException {
        AtomicInteger probes = new AtomicInteger();
        DataPlane.SideTraffic bad = new DataPlane.SideTraffic(
                (upstream, endpoint, addresses, verification, path, timeout, result) -> {
                    probes.incrementAndGet();
                    result.accept(Optional.of("answered 500"));
                },
                change -> {},
                List.of());
        try (RawUpstream rails = RawUpstream.answering(OK);
                TestEdge edge = TestEdge.with(Tables.of(1, yaml(at(rails.port()))), bad)) {
            String health = at(rails.port()) + ", health: { path: /up, every: 100ms, unhealthy-after: 6 }";

            // Never six bad answers between two changes.
            for (int queue = 1; queue < 20 && !states(edge).contains("unhealthy"); queue++) {
                int before = probes.get();
                change(edge, health + ", limits: { queue: " + queue + " }");
                Await.until(() -> probes.get() >= before + 2);
            }
            assertThat(states(edge)).containsExactly("unhealthy");

            change(edge, at(rails.port()));
            Await.untilWithin(Duration.ofSeconds(20), () -> !states(edge).contains("unhealthy"));
        }
    }

    @Test
    void endpoints_that_stay_keep_their_connections_and_the_breaker_its_state() throws IOException {
        String open = ", breaker: { over: 2, open-for: 1h }";
        try (RawUpstream one = RawUpstream.answering(OOPS);
                RawUpstream two = RawUpstream.answering(OK);
                TestEdge edge = edge(at(one.port()) + open)) {
            get(edge);
            get(edge);
            assertThat(edge.plane().upstreams().of("rails").orElseThrow().breaker())
                    .isEqualTo("open");

            change(edge, at(one.port(), two.port()) + open);

            assertThat(edge.plane().upstreams().of("rails").orElseThrow().breaker())
                    .isEqualTo("open");
            assertThat(states(edge)).hasSize(2);
            assertThat(Gauges.open(edge)).isPositive();
        }
    }
}
