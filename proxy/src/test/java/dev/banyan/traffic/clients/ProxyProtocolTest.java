package dev.banyan.traffic.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.dataplane.listener.ListenerSettings;
import dev.banyan.dataplane.wire.ClientTimeouts;
import dev.banyan.net.Networks;
import dev.banyan.testing.Await;
import dev.banyan.testing.Bytes;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.StrictUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import io.micrometer.core.instrument.Counter;
import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A listener behind a balancer of TCP connections, 127.0.0.1, which says for whom each is. */
class ProxyProtocolTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    private static final String V1 = "PROXY TCP4 198.51.100.9 192.0.2.1 50123 443\r\n";
    private static final String V2 = "0d0a0d0a000d0a515549540a";

    @SuppressWarnings("NullAway.Init")
    private static StrictUpstream upstream;

    @SuppressWarnings("NullAway.Init")
    private static TestEdge edge;

    private static TestEdge start(Duration headTimeout) throws IOException {
        ClientTimeouts usual = ClientTimeouts.DEFAULT;
        return TestEdge.with(
                Tables.onlyDefault(upstream.port()),
                new ListenerSettings(TestEdge.anyPort(), Networks.of("127.0.0.1", "203.0.113.5"), true),
                new ClientTimeouts(headTimeout, usual.keepAlive(), usual.idle(), usual.linger()));
    }

    @BeforeAll
    static void start() throws IOException {
        upstream = new StrictUpstream();
        edge = start(Duration.ofSeconds(10));
    }

    @AfterAll
    static void stop() throws IOException {
        edge.close();
        upstream.close();
    }

    private static String seen(byte[] header, String request) throws IOException {
        upstream.forget();
        try (RawClient client = new RawClient(edge.port())) {
            client.send(header);
            client.send(request);
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 200 ");
        }
        return upstream.requests().get(0);
    }

    private static byte[] v2(String hex) {
        return HexFormat.of().parseHex(V2 + hex);
    }

    private static double refused(TestEdge of, String reason) {
        Counter counter = of.registry()
                .find("banyan.connections.refused")
                .tag("reason", reason)
                .counter();
        return counter == null ? 0 : counter.count();
    }

    @Test
    void the_client_is_who_version_1_names() throws IOException {
        assertThat(seen(Bytes.of(V1), GET))
                .contains("X-Forwarded-For: 198.51.100.9\r\n", "X-Forwarded-Proto: http\r\n");
    }

    @Test
    void the_client_is_who_version_2_names() throws IOException {
        byte[] header = v2("21" + "11" + "0010" + "c6336409" + "c0000201" + "c3a301bb" + "040001" + "00");

        assertThat(seen(header, GET)).contains("X-Forwarded-For: 198.51.100.9\r\n");
    }

    @Test
    void a_balancers_own_connection_is_its_own() throws IOException {
        assertThat(seen(v2("20" + "00" + "0000"), GET)).contains("X-Forwarded-For: 127.0.0.1\r\n");
        assertThat(seen(Bytes.of("PROXY UNKNOWN\r\n"), GET)).contains("X-Forwarded-For: 127.0.0.1\r\n");
    }

    @Test
    void a_client_it_names_is_not_trusted_for_coming_by_it() throws IOException {
        String spoof = GET.replace("Connection", "X-Forwarded-For: 6.6.6.6\r\nConnection");

        assertThat(seen(Bytes.of(V1), spoof))
                .contains("X-Forwarded-For: 198.51.100.9\r\n")
                .doesNotContain("6.6.6.6");
    }

    @Test
    void a_trusted_proxy_it_names_may_name_its_client_in_turn() throws IOException {
        String chain = GET.replace("Connection", "X-Forwarded-For: 198.51.100.9\r\nConnection");

        assertThat(seen(Bytes.of(V1.replace("198.51.100.9", "203.0.113.5")), chain))
                .contains("X-Forwarded-For: 198.51.100.9\r\n");
    }

    @Test
    void header_and_request_may_come_byte_by_byte_or_at_once() throws IOException {
        assertThat(seen(new byte[0], V1 + GET)).contains("X-Forwarded-For: 198.51.100.9\r\n");
        upstream.forget();
        try (RawClient client = new RawClient(edge.port())) {
            for (byte b : Bytes.of(V1 + GET)) {
                client.send(new byte[] {b});
            }
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 200 ");
        }
        assertThat(upstream.requests().get(0)).contains("X-Forwarded-For: 198.51.100.9\r\n");
    }

    @Test
    void it_holds_for_every_request_of_the_connection() throws IOException {
        upstream.forget();
        try (RawClient client = new RawClient(edge.port())) {
            client.send(V1 + GET.replace("Connection: close\r\n", ""));
            client.readHead();
            client.read(2);
            client.send(GET);
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 200 ");
        }
        assertThat(upstream.requests()).hasSize(2).allMatch(head -> head.contains("X-Forwarded-For: 198.51.100.9\r\n"));
    }

    @Test
    void a_second_header_is_no_request() throws IOException {
        upstream.forget();

        assertThat(RawClient.exchange(edge.port(), V1 + V1 + GET)).startsWith("HTTP/1.1 400 ");
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void a_connection_without_it_is_closed_and_counted() throws IOException {
        upstream.forget();
        double before = refused(edge, "proxy-header");

        assertThat(RawClient.exchange(edge.port(), GET)).isEmpty();
        assertThat(RawClient.exchange(edge.port(), "PROXY TCP4 nonsense\r\n" + GET))
                .isEmpty();

        assertThat(refused(edge, "proxy-header") - before).isEqualTo(2);
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void a_peer_that_is_not_trusted_is_closed_and_counted_whatever_it_says() throws IOException {
        upstream.forget();
        double before = refused(edge, "untrusted");
        try (RawClient client = RawClient.from("127.0.0.2", edge.port())) {
            assertThat(client.readToEndOrReset()).isEmpty();
        }

        assertThat(refused(edge, "untrusted") - before).isEqualTo(1);
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void a_header_that_does_not_come_or_drips_is_timed_out_and_counted() throws IOException {
        try (TestEdge own = start(Duration.ofMillis(300));
                RawClient silent = new RawClient(own.port());
                RawClient dripping = new RawClient(own.port())) {
            dripping.send("PROXY TCP4 ");

            assertThat(silent.readToEnd()).isEmpty();
            assertThat(dripping.readToEnd()).isEmpty();

            assertThat(refused(own, "proxy-timeout")).isEqualTo(2);
        }
    }

    @Test
    void half_headers_hold_up_neither_a_drain_nor_the_end() throws IOException {
        try (TestEdge own = start(Duration.ofMillis(300));
                RawClient client = new RawClient(own.port())) {
            client.send("PROXY ");

            assertThat(own.plane().drain(Duration.ofSeconds(20))).isTrue();
        }
        TestEdge closed = start(Duration.ofSeconds(60));
        try (RawClient client = new RawClient(closed.port())) {
            client.send("PROXY ");
            closed.close();

            assertThat(client.readToEndOrReset()).isEmpty();
        }
    }

    @Test
    void a_client_that_leaves_within_its_header_leaves_nothing_behind() throws IOException {
        try (TestEdge own = start(Duration.ofSeconds(60))) {
            try (RawClient client = new RawClient(own.port())) {
                client.send("PROXY TCP4 198");
            }

            Await.until(() -> own.plane().drain(Duration.ZERO));
        }
    }

    @Test
    void where_it_is_off_it_is_no_request() throws IOException {
        try (TestEdge plain = TestEdge.forwardingTo(upstream.port())) {
            assertThat(RawClient.exchange(plain.port(), V1 + GET)).startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void it_cannot_be_on_without_anybody_to_send_it() {
        assertThatThrownBy(() -> new ListenerSettings(TestEdge.anyPort(), Networks.NONE, true))
                .hasMessageContaining("trustedProxies: none");
    }
}
