package dev.banyan.traffic.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.dataplane.listener.ConnectionLimits;
import dev.banyan.dataplane.listener.ListenerSettings;
import dev.banyan.dataplane.message.HeadLimits;
import dev.banyan.dataplane.message.Http2Limits;
import dev.banyan.dataplane.wire.ClientTimeouts;
import dev.banyan.net.Networks;
import dev.banyan.testing.Await;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import io.micrometer.core.instrument.Counter;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One connection more than may be open is closed at once, and the others do not notice. */
class ConnectionLimitTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String FROM_7 = "PROXY TCP4 198.51.100.7 192.0.2.1 1 2\r\n";
    private static final String FROM_8 = "PROXY TCP4 198.51.100.8 192.0.2.1 1 2\r\n";
    private static final String FROM_V6_A = "PROXY TCP6 2001:db8:0:1::a 2001:db8::1 1 2\r\n";
    private static final String FROM_V6_B = "PROXY TCP6 2001:db8:0:1:ffff::b 2001:db8::1 1 2\r\n";
    private static final String FROM_V6_ELSEWHERE = "PROXY TCP6 2001:db8:0:2::a 2001:db8::1 1 2\r\n";

    private RawUpstream rails;

    @BeforeEach
    void start() throws IOException {
        rails = RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    }

    @AfterEach
    void stop() throws IOException {
        rails.close();
    }

    private TestEdge edge(ConnectionLimits limits, boolean proxyProtocol, String... trusted) throws IOException {
        return TestEdge.with(
                Tables.onlyDefault(rails.port()),
                new ListenerSettings(
                        Optional.of(TestEdge.anyPort()),
                        Optional.empty(),
                        Networks.of(trusted),
                        proxyProtocol,
                        limits,
                        HeadLimits.DEFAULT,
                        Http2Limits.DEFAULT),
                ClientTimeouts.DEFAULT);
    }

    private static void isServed(RawClient client, String before) throws IOException {
        client.send(before + GET);
        assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
        assertThat(client.read(2)).isEqualTo("ok");
    }

    private static void isClosed(RawClient client, String before) throws IOException {
        try {
            client.send(before);
        } catch (IOException closed) {
            // Before it could say for whom it is.
        }
        assertThat(client.readToEndOrReset()).isEmpty();
    }

    private static double refused(TestEdge edge, String reason) {
        Counter counter = edge.registry()
                .find("banyan.connections.refused")
                .tag("reason", reason)
                .counter();
        return counter == null ? 0 : counter.count();
    }

    @Test
    void one_more_than_the_limit_is_closed_and_there_is_room_again_when_one_has_gone() throws IOException {
        try (TestEdge edge = edge(new ConnectionLimits(2, 0), false);
                RawClient first = new RawClient(edge.port())) {
            isServed(first, "");
            try (RawClient second = new RawClient(edge.port())) {
                isServed(second, "");
                // Behind it: of two that connect at once either may be the one too many.
                try (RawClient third = new RawClient(edge.port())) {
                    isClosed(third, "");
                }
                isServed(first, "");
                assertThat(refused(edge, "limit")).isEqualTo(1);
                assertThat(edge.registry()
                                .get("banyan.connections.open")
                                .gauge()
                                .value())
                        .isEqualTo(2);
            }

            Await.until(
                    () -> edge.registry().get("banyan.connections.open").gauge().value() == 1);
            try (RawClient again = new RawClient(edge.port())) {
                isServed(again, "");
            }
        }
    }

    @Test
    void one_client_may_not_have_more_than_its_share() throws IOException {
        try (TestEdge edge = edge(new ConnectionLimits(100, 1), false);
                RawClient first = RawClient.from("127.0.0.2", edge.port())) {
            // Before the second comes: they are counted on two event loops.
            isServed(first, "");
            try (RawClient second = RawClient.from("127.0.0.2", edge.port());
                    RawClient another = RawClient.from("127.0.0.3", edge.port())) {

                isClosed(second, "");
                isServed(another, "");

                assertThat(refused(edge, "limit-per-client")).isEqualTo(1);
                first.socket().close();
                Await.until(() ->
                        edge.registry().get("banyan.connections.open").gauge().value() == 1);
                try (RawClient again = RawClient.from("127.0.0.2", edge.port())) {
                    isServed(again, "");
                }
            }
        }
    }

    @Test
    void a_trusted_proxy_has_as_many_as_it_needs() throws IOException {
        try (TestEdge edge = edge(new ConnectionLimits(100, 1), false, "127.0.0.2");
                RawClient first = RawClient.from("127.0.0.2", edge.port());
                RawClient second = RawClient.from("127.0.0.2", edge.port())) {

            isServed(first, "");
            isServed(second, "");
        }
    }

    @Test
    void behind_the_proxy_protocol_it_is_the_client_who_counts() throws IOException {
        try (TestEdge edge = edge(new ConnectionLimits(100, 1), true, "127.0.0.1");
                RawClient first = new RawClient(edge.port());
                RawClient same = new RawClient(edge.port());
                RawClient another = new RawClient(edge.port())) {

            isServed(first, FROM_7);
            isClosed(same, FROM_7);
            isServed(another, FROM_8);
        }
    }

    @Test
    void all_addresses_of_an_ipv6_network_are_one_client() throws IOException {
        try (TestEdge edge = edge(new ConnectionLimits(100, 1), true, "127.0.0.1");
                RawClient first = new RawClient(edge.port());
                RawClient neighbour = new RawClient(edge.port());
                RawClient elsewhere = new RawClient(edge.port())) {

            isServed(first, FROM_V6_A);
            isClosed(neighbour, FROM_V6_B);
            isServed(elsewhere, FROM_V6_ELSEWHERE);
        }
    }
}
