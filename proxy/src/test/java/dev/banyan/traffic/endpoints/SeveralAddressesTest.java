package dev.banyan.traffic.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.contract.UpstreamWatcher;
import dev.banyan.dataplane.DataPlane;
import dev.banyan.dataplane.listener.ListenerSettings;
import dev.banyan.dataplane.upstream.AddressRules;
import dev.banyan.dataplane.wire.ClientTimeouts;
import dev.banyan.net.Networks;
import dev.banyan.sidetraffic.WebHealthProbe;
import dev.banyan.testing.Await;
import dev.banyan.testing.NameServer;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.SilentListener;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A name of several addresses, some of them of no use: where one takes connections no client notices the others. */
@Timeout(60)
class SeveralAddressesTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    private static final String CLOSING = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    private static final String ONCE = ", retries: { attempts: 0 }";

    private final List<SilentListener> silent = new ArrayList<>();
    private NameServer names;

    @BeforeEach
    void start() throws IOException {
        names = new NameServer();
    }

    @AfterEach
    void stop() throws IOException {
        names.close();
        for (SilentListener listener : silent) {
            listener.close();
        }
    }

    private void silentAt(int port, String... addresses) throws IOException {
        for (String address : addresses) {
            silent.add(new SilentListener(address, port));
        }
    }

    private TestEdge edge(int port, String more, AddressRules rules) throws IOException {
        return TestEdge.with(
                Tables.of("""
                        default: rails
                        upstreams:
                          rails: { url: "http://rails.test:%d"%s }
                        """.formatted(port, more)),
                new DataPlane.Settings(
                        ListenerSettings.on(TestEdge.anyPort()),
                        rules,
                        1,
                        true,
                        ClientTimeouts.DEFAULT,
                        Optional.empty()),
                new DataPlane.SideTraffic(
                        (upstream, endpoint, addresses, verification, path, timeout, result) ->
                                result.accept(Optional.empty()),
                        change -> {},
                        List.of(names.address())));
    }

    private TestEdge edge(int port, String more) throws IOException {
        return edge(port, more, new AddressRules(Networks.NONE));
    }

    private static String ask(TestEdge edge, String method) throws IOException {
        return RawClient.exchange(
                edge.port(), method + " / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }

    private static Duration timeOf(TestEdge edge, int requests) throws IOException {
        long begin = System.nanoTime();
        for (int i = 0; i < requests; i++) {
            assertThat(ask(edge, "GET")).startsWith("HTTP/1.1 200 ");
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void an_address_that_refuses_costs_no_request_and_no_retry(String method) throws IOException {
        names.answering("rails.test", "127.0.0.2", "127.0.0.3", "127.0.0.1");
        try (RawUpstream rails = RawUpstream.answering(OK);
                TestEdge edge = edge(rails.port(), ONCE)) {

            assertThat(ask(edge, method)).startsWith("HTTP/1.1 200 ");
            assertThat(rails.heads()).hasSize(1);
            assertThat(edge.registry().find("banyan.retries").counters()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void an_address_that_is_silent_costs_a_moment_once_and_no_request(String method) throws IOException {
        names.answering("rails.test", "127.0.0.2", "127.0.0.1");
        try (RawUpstream rails = RawUpstream.answering(CLOSING);
                TestEdge edge = edge(rails.port(), ONCE + ", timeouts: { connect: 1m }")) {
            silentAt(rails.port(), "127.0.0.2");
            assertThat(ask(edge, method)).startsWith("HTTP/1.1 200 ");

            Duration of20NewConnections = timeOf(edge, 20);

            assertThat(of20NewConnections).isLessThan(Duration.ofSeconds(5));
            assertThat(rails.connections()).isEqualTo(21);
        }
    }

    @Test
    void every_address_has_its_turn_within_the_time_for_a_connection() throws IOException {
        names.answering("rails.test", "127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5", "127.0.0.6", "127.0.0.1");
        try (RawUpstream rails = RawUpstream.answering(OK);
                TestEdge edge = edge(rails.port(), ONCE + ", timeouts: { connect: 1s }")) {
            silentAt(rails.port(), "127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5", "127.0.0.6");

            assertThat(ask(edge, "GET")).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void the_other_family_is_tried() throws IOException {
        names.answering("rails.test", "127.0.0.2", "::1");
        int port = RawUpstream.portNobodyListensOn();
        try (RawUpstream rails = RawUpstream.answeringAt("::1", port, OK);
                TestEdge edge = edge(port, ONCE)) {

            assertThat(ask(edge, "GET")).startsWith("HTTP/1.1 200 ");
            assertThat(rails.connections()).isEqualTo(1);
        }
    }

    @Test
    void the_next_connection_begins_where_the_last_one_stood() throws IOException {
        names.answering("rails.test", "127.0.0.2", "127.0.0.1");
        try (RawUpstream rails = RawUpstream.answering(CLOSING);
                TestEdge edge = edge(rails.port(), ONCE)) {
            assertThat(ask(edge, "GET")).startsWith("HTTP/1.1 200 ");

            try (RawUpstream back = RawUpstream.answeringAt("127.0.0.2", rails.port(), CLOSING)) {
                assertThat(ask(edge, "GET")).startsWith("HTTP/1.1 200 ");
                assertThat(back.connections()).isZero();

                rails.kill();
                assertThat(ask(edge, "GET")).startsWith("HTTP/1.1 200 ");
                assertThat(back.connections()).isEqualTo(1);
            }
        }
    }

    @Test
    void where_none_takes_a_connection_all_that_were_tried_are_named() throws IOException {
        names.answering("rails.test", "127.0.0.2", "127.0.0.3");
        int port = RawUpstream.portNobodyListensOn();
        try (TestEdge edge = edge(port, ONCE)) {

            assertThat(ask(edge, "GET"))
                    .startsWith("HTTP/1.1 502 ")
                    .contains(
                            "upstream rails refused the connection at rails.test:" + port + " (127.0.0.2, 127.0.0.3)");
        }
    }

    @Test
    void where_they_fail_in_different_ways_each_way_is_told_within_the_time() throws IOException {
        names.answering("rails.test", "127.0.0.2", "127.0.0.3");
        try (SilentListener silent = new SilentListener("127.0.0.2", 0);
                TestEdge edge = edge(silent.port(), ONCE + ", timeouts: { connect: 400ms }")) {

            assertThat(ask(edge, "GET"))
                    .startsWith("HTTP/1.1 502 ")
                    .contains("upstream rails gave no connection at rails.test:" + silent.port() + ": ")
                    .contains("127.0.0.3 refused the connection")
                    .contains("127.0.0.2 did not take the connection in time");
        }
    }

    @Test
    void an_address_that_no_connection_may_go_to_is_passed_over_and_never_connected_to() throws IOException {
        names.answering("rails.test", "169.254.169.254", "127.0.0.2", "127.0.0.1");
        try (RawUpstream rails = RawUpstream.answering(CLOSING);
                RawUpstream admin = RawUpstream.answeringAt("127.0.0.2", rails.port(), CLOSING)) {
            AddressRules rules = new AddressRules(Networks.NONE);
            rules.own(new InetSocketAddress("127.0.0.2", admin.port()), "its admin API");
            try (TestEdge edge = edge(rails.port(), ONCE, rules)) {

                assertThat(ask(edge, "GET")).startsWith("HTTP/1.1 200 ");
                rails.kill();
                assertThat(ask(edge, "GET"))
                        .startsWith("HTTP/1.1 502 ")
                        .contains("127.0.0.1 refused the connection", "127.0.0.2 is where no upstream may be");
                assertThat(admin.connections()).isZero();
            }
        }
    }

    @Test
    void where_none_may_be_connected_to_it_is_told_why() throws IOException {
        names.answering("rails.test", "169.254.169.254", "168.63.129.16");
        try (TestEdge edge = edge(80, ONCE)) {

            assertThat(ask(edge, "GET"))
                    .startsWith("HTTP/1.1 502 ")
                    .contains("upstream rails is at 169.254.169.254, a link-local or metadata address");
        }
    }

    @Test
    void a_name_server_that_is_silent_takes_no_longer_than_a_connection_may() throws IOException {
        names.silent();
        try (TestEdge edge = edge(80, ONCE + ", timeouts: { connect: 200ms }")) {

            assertThat(ask(edge, "GET"))
                    .startsWith("HTTP/1.1 502 ")
                    .contains("upstream rails has a name that did not resolve in time: rails.test");
        }
    }

    /** By the probe that is used: what a request reaches is well. */
    @Test
    void probes_reach_what_requests_reach() throws Exception {
        names.answering("rails.test", "127.0.0.2", "127.0.0.3", "127.0.0.1");
        List<UpstreamWatcher.Change> changes = new CopyOnWriteArrayList<>();
        Vertx vertx = Vertx.vertx();
        try (RawUpstream rails = RawUpstream.answering(CLOSING)) {
            silentAt(rails.port(), "127.0.0.2");
            try (TestEdge edge = TestEdge.with(
                    Tables.of("""
                            default: rails
                            upstreams:
                              rails:
                                url: "http://rails.test:%d"
                                health: { path: /up, every: 1s, unhealthy-after: 1 }
                            """.formatted(rails.port())),
                    new DataPlane.SideTraffic(
                            new WebHealthProbe(vertx, address -> Optional.empty()),
                            changes::add,
                            List.of(names.address())))) {

                Await.until(() -> rails.heads().size() >= 3);

                assertThat(changes).isEmpty();
                assertThat(rails.heads())
                        .allMatch(head -> head.toLowerCase(Locale.ROOT)
                                .contains("\r\nhost: rails.test:" + rails.port() + "\r\n"));
                assertThat(edge.plane().upstreams().of("rails").orElseThrow().endpoints())
                        .allMatch(endpoint -> endpoint.state().equals("ready"));
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }
}
