package dev.banyan.traffic.endpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.contract.LiveUpstreams.LiveEndpoint;
import dev.banyan.dataplane.DataPlane;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** An upstream of several endpoints: how requests are spread, and what happens when one of them is no good. */
class SeveralEndpointsTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private static RawUpstream named(String name) throws IOException {
        return RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: " + name.length() + "\r\n\r\n" + name);
    }

    private static String table(String more, int... ports) {
        StringBuilder endpoints = new StringBuilder();
        for (int port : ports) {
            endpoints
                    .append(endpoints.isEmpty() ? "" : ", ")
                    .append("\"http://127.0.0.1:")
                    .append(port)
                    .append('"');
        }
        return """
                default: rails
                upstreams:
                  rails: { endpoints: [ %s ]%s }
                """.formatted(endpoints, more.isEmpty() ? "" : ", " + more);
    }

    private static String body(RawClient client, String request) throws IOException {
        client.send(request);
        String head = client.readHead();
        return head.substring(9, 12)
                + client.read(Integer.parseInt(head.replaceAll("(?s).*Content-Length: (\\d+).*", "$1")));
    }

    private static List<String> bodies(TestEdge edge, int requests) throws IOException {
        List<String> bodies = new ArrayList<>();
        try (RawClient client = new RawClient(edge.port())) {
            for (int i = 0; i < requests; i++) {
                bodies.add(body(client, GET));
            }
        }
        return bodies;
    }

    private static List<String> states(TestEdge edge) {
        return edge.plane().upstreams().of("rails").orElseThrow().endpoints().stream()
                .map(LiveEndpoint::state)
                .toList();
    }

    @Test
    void round_robin_gives_each_its_turn() throws IOException {
        try (RawUpstream one = named("1");
                RawUpstream two = named("2");
                RawUpstream three = named("3");
                TestEdge edge =
                        TestEdge.with(Tables.of(table("balance: round-robin", one.port(), two.port(), three.port())))) {

            List<String> bodies = bodies(edge, 9);

            assertThat(bodies.subList(0, 3)).containsExactlyInAnyOrder("2001", "2002", "2003");
            assertThat(bodies.subList(3, 9)).containsSequence(bodies.subList(0, 3));
        }
    }

    @Test
    void sticky_keeps_a_user_at_one_endpoint_and_spreads_the_users() throws IOException {
        try (RawUpstream one = named("1");
                RawUpstream two = named("2");
                RawUpstream rails = named("r");
                TestEdge edge = TestEdge.with(Tables.of("""
                        default: rails
                        upstreams:
                          rails: { url: "http://127.0.0.1:%d" }
                          modern: { endpoints: [ "http://127.0.0.1:%d", "http://127.0.0.1:%d" ], balance: sticky }
                        routes:
                          things: { match: GET /things, legacy: rails, modern: modern, canary: 100%%, stick-by: [ "header:X-User-Id" ] }
                        """.formatted(rails.port(), one.port(), two.port())))) {
            Set<String> seen = ConcurrentHashMap.newKeySet();

            try (RawClient client = new RawClient(edge.port())) {
                for (int user = 0; user < 40; user++) {
                    String request = "GET /things HTTP/1.1\r\nHost: a\r\nX-User-Id: " + user + "\r\n\r\n";
                    String first = body(client, request);
                    seen.add(first);
                    for (int again = 0; again < 3; again++) {
                        assertThat(body(client, request)).as("user " + user).isEqualTo(first);
                    }
                }
            }

            assertThat(seen).containsExactlyInAnyOrder("2001", "2002");
        }
    }

    @Test
    void a_dead_endpoint_costs_no_request_and_is_ejected() throws IOException {
        try (RawUpstream one = named("1");
                TestEdge edge = TestEdge.with(
                        Tables.of(table("outlier: { errors: 3 }", one.port(), RawUpstream.portNobodyListensOn())))) {

            assertThat(bodies(edge, 60)).containsOnly("2001");
            assertThat(states(edge)).containsExactly("ready", "ejected");
            assertThat(edge.registry()
                            .get("banyan.retries")
                            .tags("upstream", "rails", "why", "connect-failed")
                            .counter()
                            .count())
                    .isEqualTo(3);
        }
    }

    @Test
    void an_endpoint_that_answers_5xx_in_a_row_is_ejected_and_comes_back() throws IOException {
        try (RawUpstream good = named("1");
                RawUpstream bad = RawUpstream.answering("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
                TestEdge edge = TestEdge.with(
                        Tables.of(table("outlier: { errors: 3, eject-for: 400ms }", good.port(), bad.port())))) {

            await().until(() -> {
                bodies(edge, 5);
                return states(edge).equals(List.of("ready", "ejected"));
            });
            await().until(() -> states(edge).get(1), state -> !state.equals("ejected"));
            assertThat(states(edge).get(1)).isEqualTo("warming");
        }
    }

    @Test
    void never_more_are_ejected_than_at_most() throws IOException {
        int nobody = RawUpstream.portNobodyListensOn();
        try (TestEdge edge = TestEdge.with(Tables.of(
                table("outlier: { errors: 1 }, breaker: { over: 1000 }", nobody, RawUpstream.portNobodyListensOn())))) {

            assertThat(bodies(edge, 20)).allMatch(body -> body.startsWith("502"));
            assertThat(states(edge)).containsOnlyOnce("ejected");
        }
    }

    @Test
    void a_get_under_way_at_an_endpoint_that_dies_is_answered_by_another() throws IOException {
        try (RawUpstream good = named("1");
                RawUpstream dying = RawUpstream.running(RawUpstream.Connection::readHead);
                TestEdge edge = TestEdge.with(Tables.of(table("", good.port(), dying.port())))) {

            assertThat(bodies(edge, 40)).containsOnly("2001");
            assertThat(dying.heads()).isNotEmpty();
        }
    }

    @Test
    void a_post_at_an_endpoint_that_dies_is_not_sent_again() throws IOException {
        try (RawUpstream good = named("1");
                RawUpstream dying = RawUpstream.running(RawUpstream.Connection::readHead);
                TestEdge edge = TestEdge.with(Tables.of(
                        table("balance: round-robin, outlier: { errors: 1000 }", good.port(), dying.port())))) {
            int executed = 0;
            for (int i = 0; i < 10; i++) {
                String answer = RawClient.exchange(
                        edge.port(),
                        "POST /" + i + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
                executed += answer.startsWith("HTTP/1.1 200 ") ? 1 : 0;
            }

            assertThat(good.heads()).hasSize(executed);
            assertThat(good.heads().size() + dying.heads().size()).isEqualTo(10);
            assertThat(edge.registry()
                            .get("banyan.not.retried")
                            .tags("why", "not-idempotent")
                            .counter()
                            .count())
                    .isEqualTo(10 - executed);
        }
    }

    @Test
    void an_endpoint_that_probes_find_down_gets_nothing_until_they_find_it_up() throws IOException {
        Set<String> down = ConcurrentHashMap.newKeySet();
        DataPlane.SideTraffic probes = new DataPlane.SideTraffic(
                (upstream, endpoint, addresses, verification, path, timeout, result) -> result.accept(
                        down.contains(path + " " + endpoint.port()) ? Optional.of("answered 500") : Optional.empty()),
                change -> {},
                List.of());
        try (RawUpstream one = named("1");
                RawUpstream two = named("2");
                TestEdge edge = TestEdge.with(
                        Tables.of(table(
                                "balance: round-robin, health: { path: /up, every: 100ms, unhealthy-after: 2, healthy-after: 2 }",
                                one.port(),
                                two.port())),
                        probes)) {
            assertThat(bodies(edge, 10)).contains("2001", "2002");

            down.add("/up " + two.port());
            await().until(() -> states(edge).equals(List.of("ready", "unhealthy")));
            assertThat(bodies(edge, 10)).containsOnly("2001");

            down.clear();
            await().until(() -> states(edge).equals(List.of("ready", "warming")));
        }
    }

    @Test
    void where_all_are_down_all_are_asked() throws IOException {
        DataPlane.SideTraffic probes = new DataPlane.SideTraffic(
                (upstream, endpoint, addresses, verification, path, timeout, result) ->
                        result.accept(Optional.of("answered 404")),
                change -> {},
                List.of());
        try (RawUpstream one = named("1");
                TestEdge edge = TestEdge.with(
                        Tables.of(table("health: { path: /misspelt, every: 100ms, unhealthy-after: 1 }", one.port())),
                        probes)) {
            await().until(() -> states(edge).equals(List.of("unhealthy")));

            assertThat(bodies(edge, 3)).containsOnly("2001");
        }
    }

    @Test
    void retries_end_with_the_budget() throws IOException {
        try (RawUpstream one = named("1");
                TestEdge edge = TestEdge.with(Tables.of(table(
                        "balance: round-robin, outlier: { errors: 10000 }, breaker: { over: 1000 },"
                                + " retries: { budget: 0%, at-least: 1/s }",
                        one.port(), RawUpstream.portNobodyListensOn())))) {

            List<String> bodies = bodies(edge, 60);

            assertThat(bodies).filteredOn(body -> body.startsWith("502")).hasSizeGreaterThanOrEqualTo(10);
            assertThat(edge.registry()
                            .get("banyan.not.retried")
                            .tags("why", "budget-spent")
                            .counter()
                            .count())
                    .isPositive();
        }
    }

    @Test
    void a_total_deadline_ends_an_answer_that_drips() throws IOException {
        try (RawUpstream dripping = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
                    for (int i = 0; i < 1_000_000; i++) {
                        connection.write("x");
                        java.util.concurrent.locks.LockSupport.parkNanos(
                                Duration.ofMillis(2).toNanos());
                    }
                });
                TestEdge edge = TestEdge.with(Tables.of(table("timeouts: { total: 300ms }", dripping.port())));
                RawClient client = new RawClient(edge.port())) {
            client.send(GET);

            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
            assertThat(client.readToEnd().length()).isLessThan(1_000_000);
        }
    }

    @Test
    void a_total_deadline_before_the_head_is_504() throws IOException {
        try (RawUpstream silent = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.read();
                });
                TestEdge edge = TestEdge.with(Tables.of(table("timeouts: { total: 200ms }", silent.port())))) {

            assertThat(RawClient.exchange(edge.port(), GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")))
                    .startsWith("HTTP/1.1 504 ")
                    .contains("did not finish in the time for all of it");
        }
    }
}
