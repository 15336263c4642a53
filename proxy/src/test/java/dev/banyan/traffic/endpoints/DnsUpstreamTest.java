package dev.banyan.traffic.endpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.contract.LiveUpstreams.LiveEndpoint;
import dev.banyan.dataplane.DataPlane;
import dev.banyan.routing.RoutingTable;
import dev.banyan.testing.NameServer;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** An upstream that is a name: every address of it is an endpoint, and they change without a new table. */
class DnsUpstreamTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    private static RoutingTable table(long revision, int port, String more) {
        return Tables.of(revision, """
                default: rails
                upstreams:
                  rails: { dns: "http://rails.test:%d"%s }
                """.formatted(port, more));
    }

    private static TestEdge edge(NameServer names, int port) throws IOException {
        return TestEdge.with(
                table(1, port, ""),
                new DataPlane.SideTraffic(
                        (upstream, endpoint, addresses, verification, path, timeout, result) ->
                                result.accept(Optional.empty()),
                        change -> {},
                        List.of(names.address())));
    }

    private static List<String> addresses(TestEdge edge) {
        return edge.plane().upstreams().of("rails").orElseThrow().endpoints().stream()
                .map(LiveEndpoint::address)
                .toList();
    }

    @Test
    void the_first_request_waits_for_the_name() throws IOException {
        try (RawUpstream rails = RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                NameServer names = new NameServer();
                TestEdge edge = edge(names.answering("rails.test", "127.0.0.1"), rails.port())) {

            assertThat(RawClient.exchange(edge.port(), GET)).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void a_new_address_becomes_an_endpoint_and_an_old_one_goes() throws IOException {
        try (RawUpstream rails = RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                NameServer names = new NameServer();
                TestEdge edge = edge(names.answering("rails.test", "127.0.0.1"), rails.port())) {
            await().until(() -> addresses(edge).equals(List.of("http://127.0.0.1:" + rails.port())));

            names.answering("rails.test", "127.0.0.2", "127.0.0.1");
            await().until(() -> addresses(edge).size() == 2);

            names.answering("rails.test", "127.0.0.2");
            await().until(() -> addresses(edge).equals(List.of("http://127.0.0.2:" + rails.port())));
        }
    }

    @Test
    void other_settings_change_without_asking_for_the_name_anew_or_closing_a_connection() throws IOException {
        try (RawUpstream rails = RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                NameServer names = new NameServer();
                TestEdge edge = edge(names.answering("rails.test", "127.0.0.1"), rails.port());
                RawClient client = new RawClient(edge.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
            names.failing();

            edge.plane().putInForce(table(2, rails.port(), ", limits: { queue: 3 }, keep-alive: 9s"));

            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
            assertThat(rails.connections()).isEqualTo(1);
        }
    }

    @Test
    void when_the_name_server_fails_the_last_addresses_stay() throws IOException {
        try (RawUpstream rails = RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                NameServer names = new NameServer();
                TestEdge edge = edge(names.answering("rails.test", "127.0.0.1"), rails.port())) {
            await().until(() -> addresses(edge).size() == 1);

            names.failing();
            int asked = names.asked();
            await().until(() -> names.asked() > asked);

            assertThat(RawClient.exchange(edge.port(), GET)).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void a_name_that_never_resolved_is_502_and_says_so() throws IOException {
        try (NameServer names = new NameServer();
                TestEdge edge = edge(names.failing(), 80)) {

            assertThat(RawClient.exchange(edge.port(), GET))
                    .startsWith("HTTP/1.1 502 ")
                    .contains("upstream rails has a name that does not resolve");
        }
    }
}
