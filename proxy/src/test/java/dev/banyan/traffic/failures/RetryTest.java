package dev.banyan.traffic.failures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.dataplane.DataPlane;
import dev.banyan.dataplane.wire.ClientTimeouts;
import dev.banyan.testing.Await;
import dev.banyan.testing.Gauges;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Step;
import dev.banyan.testing.StrictUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import io.micrometer.core.instrument.Counter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When the same upstream is asked again, and what is counted when it is not. */
class RetryTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static double counted(TestEdge edge, String meter, String why) {
        Counter counter = edge.registry()
                .find(meter)
                .tags("upstream", "rails", "why", why)
                .counter();
        return counter == null ? 0 : counter.count();
    }

    private static double all(TestEdge edge, String meter) {
        return edge.registry().find(meter).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private static TestEdge edge(String rails) throws IOException {
        return TestEdge.with(Tables.of("default: rails\nupstreams:\n  rails: { " + rails + " }\n"));
    }

    private static String endpoints(int... ports) {
        StringBuilder list = new StringBuilder("balance: round-robin, endpoints: [");
        for (int port : ports) {
            list.append(" \"http://127.0.0.1:").append(port).append("\",");
        }
        return list.append(" ]").toString().replace(", ]", " ]");
    }

    private static String request(String method, String body) {
        return method + " / HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** Answers the first request of each connection, and closes at the second without a byte. */
    private static RawUpstream closingAtTheSecond() throws IOException {
        return RawUpstream.running(connection -> {
            connection.readHead();
            connection.write(OK);
            connection.readHead();
        });
    }

    private static void getsOk(RawClient client) throws IOException {
        assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK\r\n");
        assertThat(client.read(2)).isEqualTo("ok");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PATCH", "DELETE"})
    void without_a_connection_a_request_of_any_method_goes_to_another_endpoint(String method) throws IOException {
        try (StrictUpstream good = new StrictUpstream();
                TestEdge edge = edge(endpoints(RawUpstream.portNobodyListensOn(), good.port())
                        + ", outlier: { errors: 1000 }, breaker: { over: 1000 }")) {
            for (int i = 0; i < 4; i++) {
                try (RawClient client = new RawClient(edge.port())) {
                    client.send(request(method, "body" + i));

                    assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
                }
            }

            assertThat(good.requests()).hasSize(4).allMatch(seen -> seen.matches("(?s).*\r\n\r\nbody\\d"));
            assertThat(counted(edge, "banyan.retries", "connect-failed")).isPositive();
            assertThat(all(edge, "banyan.not.retried")).isZero();
        }
    }

    @Test
    void as_often_as_attempts_says_and_no_more() throws IOException {
        try (TestEdge edge = edge("url: \"http://127.0.0.1:%d\", retries: { attempts: 3, at-least: 100/s }"
                .formatted(RawUpstream.portNobodyListensOn()))) {

            assertThat(RawClient.exchange(edge.port(), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 502 ");

            assertThat(counted(edge, "banyan.retries", "connect-failed")).isEqualTo(3);
            assertThat(counted(edge, "banyan.not.retried", "no-attempts-left")).isEqualTo(1);
        }
    }

    @Test
    void not_at_all_without_a_budget() throws IOException {
        try (TestEdge edge = edge("url: \"http://127.0.0.1:%d\", retries: { attempts: 3, budget: 0%%, at-least: 0/s }"
                .formatted(RawUpstream.portNobodyListensOn()))) {

            assertThat(RawClient.exchange(edge.port(), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 502 ");

            assertThat(all(edge, "banyan.retries")).isZero();
            assertThat(counted(edge, "banyan.not.retried", "budget-spent")).isEqualTo(1);
        }
    }

    @Test
    void not_when_the_failure_has_opened_the_breaker() throws IOException {
        try (TestEdge edge =
                edge("url: \"http://127.0.0.1:%d\", retries: { attempts: 3 }, breaker: { over: 1, open-for: 1h }"
                        .formatted(RawUpstream.portNobodyListensOn()))) {

            assertThat(RawClient.exchange(edge.port(), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 502 ");

            assertThat(all(edge, "banyan.retries")).isZero();
            assertThat(counted(edge, "banyan.not.retried", "breaker-open")).isEqualTo(1);
        }
    }

    @Test
    void a_stale_connection_costs_nothing_of_the_budget() throws IOException {
        try (RawUpstream rails = closingAtTheSecond();
                TestEdge edge = edge("url: \"http://127.0.0.1:%d\", retries: { budget: 0%%, at-least: 0/s }"
                        .formatted(rails.port()));
                RawClient client = new RawClient(edge.port())) {
            for (int i = 0; i < 5; i++) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                getsOk(client);
            }

            assertThat(all(edge, "banyan.not.retried")).isZero();
        }
    }

    @Test
    void it_goes_again_over_a_new_connection_and_not_over_another_that_has_rested_as_long() throws IOException {
        try (Step goOn = new Step();
                RawUpstream rails = RawUpstream.running(connection -> {
                    String first = connection.readHead();
                    if (first.startsWith("GET /held ")) {
                        goOn.await();
                    }
                    connection.write(OK);
                    connection.readHead();
                });
                TestEdge edge = TestEdge.with(
                        Tables.onlyDefault(rails.port()),
                        new DataPlane.Settings(TestEdge.anyPort(), 1, true, ClientTimeouts.DEFAULT, Optional.empty()));
                RawClient one = new RawClient(edge.port());
                RawClient two = new RawClient(edge.port())) {
            one.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
            two.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
            Await.until(() -> rails.heads().size() == 2);
            goOn.next();
            goOn.next();
            getsOk(one);
            getsOk(two);
            Await.until(() -> Gauges.active(edge) == 0);

            one.send("GET /again HTTP/1.1\r\nHost: a\r\n\r\n");

            getsOk(one);
            assertThat(rails.connections()).isEqualTo(3);
        }
    }

    @Test
    void what_was_sent_again_once_is_not_sent_a_third_time() throws IOException {
        AtomicInteger connections = new AtomicInteger();
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    if (connections.incrementAndGet() == 1) {
                        connection.readHead();
                        connection.write(OK);
                    }
                    connection.readHead();
                });
                TestEdge edge = edge("url: \"http://127.0.0.1:" + rails.port() + "\", retries: { attempts: 5 }");
                RawClient client = new RawClient(edge.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            getsOk(client);

            client.send("GET /again HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

            assertThat(client.readToEnd()).startsWith("HTTP/1.1 502 ");
            assertThat(rails.heads())
                    .filteredOn(head -> head.startsWith("GET /again "))
                    .hasSize(2);
            assertThat(counted(edge, "banyan.retries", "stale-connection")).isEqualTo(1);
            assertThat(counted(edge, "banyan.not.retried", "only-once")).isEqualTo(1);
        }
    }

    @Test
    void a_post_over_a_connection_that_was_just_used_is_not_sent_again() throws IOException {
        try (RawUpstream rails = closingAtTheSecond();
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {
            client.send(request("POST", ""));
            getsOk(client);

            Await.until(() -> {
                // Which is a new connection if the machine took too long.
                client.send(request("POST", ""));
                String head = client.readHead();
                client.read(Integer.parseInt(head.replaceAll("(?s).*Content-Length: (\\d+).*", "$1")));
                return head.startsWith("HTTP/1.1 502 ");
            });

            assertThat(counted(edge, "banyan.not.retried", "not-idempotent")).isEqualTo(1);
            assertThat(all(edge, "banyan.retries")).isZero();
        }
    }

    @Test
    void a_put_goes_again_with_its_whole_body() throws IOException {
        AtomicInteger connections = new AtomicInteger();
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    boolean first = connections.incrementAndGet() == 1;
                    connection.readHead();
                    connection.write(
                            first
                                    ? OK
                                    : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
                                            + new String(connection.readBytes(4), StandardCharsets.US_ASCII)
                                                    .substring(2));
                    connection.readHead();
                    connection.readBytes(4);
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            getsOk(client);

            client.send(request("PUT", "abok"));

            getsOk(client);
            assertThat(rails.heads())
                    .filteredOn(head -> head.startsWith("PUT "))
                    .hasSize(2);
            assertThat(counted(edge, "banyan.retries", "stale-connection")).isEqualTo(1);
        }
    }

    @Test
    void early_hints_bind_it_to_the_upstream_that_sent_them() throws IOException {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write(OK);
                    connection.readHead();
                    connection.write("HTTP/1.1 103 Early Hints\r\nLink: </m.css>; rel=preload\r\n\r\n");
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            getsOk(client);

            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

            assertThat(client.readToEnd()).startsWith("HTTP/1.1 103 ").contains("HTTP/1.1 502 ");
            assertThat(rails.heads()).hasSize(2);
            assertThat(counted(edge, "banyan.not.retried", "answer-begun")).isEqualTo(1);
        }
    }

    @Test
    void an_answer_that_breaks_off_is_not_asked_for_again() throws IOException {
        try (Step seen = new Step();
                RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhal");
                    seen.await();
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            client.readHead();
            assertThat(client.read(3)).isEqualTo("hal");
            seen.next();

            assertThat(client.readToEndOrReset()).isEmpty();

            assertThat(rails.heads()).hasSize(1);
            assertThat(counted(edge, "banyan.not.retried", "answer-begun")).isEqualTo(1);
        }
    }

    @Test
    void nor_after_a_time_out_or_an_answer_that_is_none() throws IOException {
        try (RawUpstream silent = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.read();
                });
                TestEdge edge =
                        edge("url: \"http://127.0.0.1:" + silent.port() + "\", timeouts: { response: 100ms }")) {
            RawClient.exchange(edge.port(), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            assertThat(counted(edge, "banyan.not.retried", "may-be-at-work")).isEqualTo(1);
        }
        try (RawUpstream garbage = RawUpstream.answering("nonsense\r\n\r\n");
                TestEdge edge = TestEdge.forwardingTo(garbage.port())) {
            RawClient.exchange(edge.port(), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            assertThat(counted(edge, "banyan.not.retried", "may-be-at-work")).isEqualTo(1);
            assertThat(garbage.heads()).hasSize(1);
        }
    }

    @Test
    void nor_when_the_time_for_all_of_it_is_over() throws IOException {
        try (RawUpstream silent = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.read();
                });
                TestEdge edge = edge("url: \"http://127.0.0.1:" + silent.port() + "\", timeouts: { total: 100ms }")) {

            RawClient.exchange(edge.port(), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

            assertThat(counted(edge, "banyan.not.retried", "out-of-time")).isEqualTo(1);
        }
    }

    @Test
    void at_the_only_endpoint_a_new_connection_that_gave_no_byte_is_the_end() throws IOException {
        try (RawUpstream rails = RawUpstream.running(RawUpstream.Connection::readHead);
                TestEdge edge = TestEdge.forwardingTo(rails.port())) {

            assertThat(RawClient.exchange(edge.port(), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 502 ");

            assertThat(rails.heads()).hasSize(1);
            assertThat(counted(edge, "banyan.not.retried", "only-endpoint")).isEqualTo(1);
        }
    }

    @Test
    void a_body_that_is_not_kept_is_not_sent_again() throws IOException {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.readBytes(100_000);
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port())) {

            assertThat(RawClient.exchange(
                            edge.port(),
                            "PUT / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 100000\r\n\r\n"
                                    + "x".repeat(100_000)))
                    .startsWith("HTTP/1.1 502 ");

            assertThat(rails.heads()).hasSize(1);
            assertThat(counted(edge, "banyan.not.retried", "body-not-kept")).isEqualTo(1);
        }
    }
}
