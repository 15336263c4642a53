package dev.banyan.traffic.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.dataplane.DataPlane;
import dev.banyan.dataplane.listener.ListenerSettings;
import dev.banyan.dataplane.upstream.AddressRules;
import dev.banyan.dataplane.wire.ClientTimeouts;
import dev.banyan.net.Networks;
import dev.banyan.routing.Endpoint;
import dev.banyan.routing.Flags;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Upstream;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** To which addresses no request goes, whatever the table says. */
class AddressRulesTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    private static RoutingTable leadingTo(String host, int port) {
        Upstream usual = Tables.upstream("rails", port);
        Upstream there = new Upstream(
                "rails",
                new Upstream.Fixed(List.of(new Endpoint(false, host, port))),
                usual.protocol(),
                usual.tls(),
                usual.balance(),
                usual.timeouts(),
                usual.keepAlive(),
                usual.limits(),
                usual.retries(),
                usual.breaker(),
                usual.health(),
                usual.outlier());
        return RoutingTable.of(1, Tables.base(List.of(there), List.of()), Flags.NONE);
    }

    private static TestEdge edge(RoutingTable table, AddressRules rules) throws IOException {
        return TestEdge.with(
                table,
                new DataPlane.Settings(
                        ListenerSettings.on(TestEdge.anyPort()),
                        rules,
                        2,
                        true,
                        ClientTimeouts.DEFAULT,
                        Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "0.0.0.0", "::ffff:127.0.0.1"})
    void a_loop_is_refused_also_after_dns(String host) throws IOException {
        try (TestEdge edge = edge(leadingTo("127.0.0.1", 1), new AddressRules(Networks.NONE))) {
            edge.plane().putInForce(leadingTo(host, edge.port()));

            assertThat(RawClient.exchange(edge.port(), GET))
                    .startsWith("HTTP/1.1 502 ")
                    .contains(
                            "upstream rails is at ",
                            "port " + edge.port() + ", where this proxy itself has its listener");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "127.0.0.5"})
    void the_admin_api_is_not_to_be_reached_by_an_upstream(String host) throws IOException {
        try (RawUpstream admin = RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
            AddressRules rules = new AddressRules(Networks.NONE);
            rules.own(new InetSocketAddress("0.0.0.0", admin.port()), "its admin API");
            try (TestEdge edge = edge(leadingTo(host, admin.port()), rules)) {

                assertThat(RawClient.exchange(edge.port(), GET))
                        .startsWith("HTTP/1.1 502 ")
                        .contains("where this proxy itself has its admin API");
                assertThat(admin.connections()).isZero();
            }
        }
    }

    @Test
    void another_port_or_another_machine_is_no_loop() throws UnknownHostException {
        AddressRules rules = new AddressRules(Networks.NONE);
        rules.own(at("0.0.0.0", 8080), "its listener");
        rules.own(at("127.0.0.1", 9900), "its admin API");

        assertThat(rules.refusal(at("127.0.0.1", 8081))).isNull();
        assertThat(rules.refusal(at("198.51.100.9", 8080))).isNull();
        assertThat(rules.refusal(at("127.0.0.2", 9900))).isNull();
        assertThat(rules.refusal(at("127.0.0.2", 8080))).isNotNull();
        assertThat(rules.refusal(at("::1", 8080))).isNotNull();
        assertThat(rules.refusal(at("::", 9900))).isNotNull();
    }

    private static InetSocketAddress at(String address, int port) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getAllByName(address)[0], port);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "169.254.0.1",
                "::ffff:169.254.169.254",
                "fe80::1",
                "fd00:ec2::254",
                "fd20:ce::254",
                "100.100.100.200",
                "168.63.129.16"
            })
    void link_local_and_metadata_addresses_are_refused_unless_allowed(String address) throws IOException {
        AddressRules usual = new AddressRules(Networks.NONE);
        AddressRules allowing = new AddressRules(Networks.of("0.0.0.0/0", "::/0"));

        assertThat(usual.refusal(at(address, 80))).contains("a link-local or metadata address");
        assertThat(allowing.refusal(at(address, 80))).isNull();
        try (TestEdge edge = edge(leadingTo(address, 80), usual)) {
            assertThat(RawClient.exchange(edge.port(), GET))
                    .startsWith("HTTP/1.1 502 ")
                    .contains("upstream rails is at ", "a link-local or metadata address");
        }
    }
}
