package dev.banyan.traffic.tables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** New settings of an upstream take the place of the old ones, and reset nothing that they do not touch. */
class SettingsChangeTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private static String table(int port, String more) {
        return """
                default: rails
                upstreams:
                  rails: { url: "http://127.0.0.1:%d", %s }
                """.formatted(port, more);
    }

    private static String get(RawClient client) throws IOException {
        client.send(GET);
        String head = client.readHead();
        client.read(Integer.parseInt(head.replaceAll("(?s).*Content-Length: (\\d+).*", "$1")));
        return head;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "timeouts: { response: 3s }",
                "keep-alive: 7s",
                "limits: { concurrent: 7 }",
                "retries: { attempts: 0 }",
                "breaker: { over: 9 }",
                "health: { path: /up }",
                "outlier: { errors: 9 }",
                "balance: round-robin"
            })
    void no_connection_is_closed_by_a_change_of(String settings) throws IOException {
        try (RawUpstream rails = RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                TestEdge edge = TestEdge.with(Tables.of(1, table(rails.port(), "protocol: http1")));
                RawClient client = new RawClient(edge.port())) {
            get(client);

            edge.plane().putInForce(Tables.of(2, table(rails.port(), settings)));

            assertThat(get(client)).startsWith("HTTP/1.1 200 ");
            assertThat(rails.connections()).isEqualTo(1);
        }
    }

    @Test
    void an_open_breaker_stays_open_when_something_else_changes_and_closes_with_new_settings_of_its_own()
            throws IOException {
        String breaker = "breaker: { failures: 50%, over: 2, open-for: 1h }";
        try (RawUpstream rails = RawUpstream.answering("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n");
                TestEdge edge = TestEdge.with(Tables.of(1, table(rails.port(), breaker)));
                RawClient client = new RawClient(edge.port())) {
            get(client);
            get(client);

            edge.plane().putInForce(Tables.of(2, table(rails.port(), breaker + ", limits: { queue: 3 }")));
            assertThat(get(client)).startsWith("HTTP/1.1 503 ");

            edge.plane().putInForce(Tables.of(3, table(rails.port(), breaker.replace("1h", "30m"))));
            assertThat(get(client)).startsWith("HTTP/1.1 500 ");
        }
    }

    @Test
    void an_endpoint_that_goes_leaves_the_others_their_connections() throws IOException {
        String ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
        try (RawUpstream one = RawUpstream.answering(ok);
                RawUpstream two = RawUpstream.answering(ok);
                TestEdge edge = TestEdge.with(Tables.of(1, endpoints(one.port(), two.port())));
                RawClient client = new RawClient(edge.port())) {
            for (int i = 0; i < 4; i++) {
                get(client);
            }
            assertThat(one.connections() + two.connections()).isEqualTo(2);

            edge.plane().putInForce(Tables.of(2, endpoints(one.port())));
            for (int i = 0; i < 4; i++) {
                get(client);
            }

            assertThat(one.connections()).isEqualTo(1);
            assertThat(one.heads()).hasSize(6);
        }
    }

    private static String endpoints(int... ports) {
        StringBuilder list = new StringBuilder();
        for (int port : ports) {
            list.append(list.isEmpty() ? "" : ", ")
                    .append("\"http://127.0.0.1:")
                    .append(port)
                    .append('"');
        }
        return "default: rails\nupstreams:\n  rails: { balance: round-robin, endpoints: [ %s ] }\n".formatted(list);
    }
}
