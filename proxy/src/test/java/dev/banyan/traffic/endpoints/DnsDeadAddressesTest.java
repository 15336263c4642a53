package dev.banyan.traffic.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.dataplane.DataPlane;
import dev.banyan.dataplane.listener.ListenerSettings;
import dev.banyan.dataplane.upstream.AddressRules;
import dev.banyan.dataplane.wire.ClientTimeouts;
import dev.banyan.net.Networks;
import dev.banyan.testing.NameServer;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.SilentListener;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An upstream that is a name, most of whose addresses are dead: while one lives every request is answered, from the first on. */
@Timeout(60)
class DnsDeadAddressesTest {
    private static final String CLOSING = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    private static final String NO_RETRIES = ", retries: { attempts: 0, budget: 0%, at-least: 0/s }";

    private final List<SilentListener> silent = new ArrayList<>();
    private NameServer names;

    @BeforeEach
    void start() throws IOException {
        names = new NameServer().answering("rails.test", "127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4");
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
                          rails: { dns: "rails.test:%d"%s%s }
                        """.formatted(port, NO_RETRIES, more)),
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

    private static void allAreAnswered(TestEdge edge, String method, int requests) throws IOException {
        for (int i = 0; i < requests; i++) {
            assertThat(ask(edge, method)).as(method + " " + i).startsWith("HTTP/1.1 200 ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void addresses_that_refuse_cost_no_request_and_no_retry(String method) throws IOException {
        try (RawUpstream rails = RawUpstream.answering(CLOSING);
                TestEdge edge = edge(rails.port(), "")) {

            allAreAnswered(edge, method, 20);

            assertThat(rails.heads()).hasSize(20);
            assertThat(edge.registry().find("banyan.retries").counters()).isEmpty();
            assertThat(edge.registry().find("banyan.not.retried").counters()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void addresses_that_are_silent_cost_no_request(String method) throws IOException {
        try (RawUpstream rails = RawUpstream.answering(CLOSING);
                TestEdge edge = edge(rails.port(), "")) {
            silentAt(rails.port(), "127.0.0.2", "127.0.0.3", "127.0.0.4");

            allAreAnswered(edge, method, 20);

            assertThat(rails.heads()).hasSize(20);
        }
    }

    @Test
    void what_was_silent_is_not_asked_first_again_for_a_while() throws IOException {
        try (RawUpstream rails = RawUpstream.answering(CLOSING);
                TestEdge edge = edge(rails.port(), ", timeouts: { connect: 1m }, outlier: { errors: 10000 }")) {
            silentAt(rails.port(), "127.0.0.2", "127.0.0.3", "127.0.0.4");
            allAreAnswered(edge, "GET", 20);
            long begin = System.nanoTime();

            allAreAnswered(edge, "GET", 20);

            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void streams_of_http_2_find_the_one_that_lives() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            HttpServer rails = vertx.createHttpServer()
                    .requestHandler(request -> request.response().end())
                    .listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
            silentAt(rails.actualPort(), "127.0.0.2");
            try (TestEdge edge = edge(rails.actualPort(), ", protocol: h2c")) {

                allAreAnswered(edge, "GET", 20);
                allAreAnswered(edge, "POST", 20);
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void an_address_that_no_connection_may_go_to_is_passed_over() throws IOException {
        names.answering("rails.test", "127.0.0.1", "127.0.0.2", "169.254.169.254");
        try (RawUpstream rails = RawUpstream.answering(CLOSING);
                RawUpstream admin = RawUpstream.answeringAt("127.0.0.2", rails.port(), CLOSING)) {
            AddressRules rules = new AddressRules(Networks.NONE);
            rules.own(new InetSocketAddress("127.0.0.2", admin.port()), "its admin API");
            try (TestEdge edge = edge(rails.port(), "", rules)) {

                allAreAnswered(edge, "GET", 20);

                assertThat(admin.connections()).isZero();
            }
        }
    }

    @Test
    void where_all_are_dead_all_are_named_and_the_first_that_comes_back_is_found_at_once() throws IOException {
        int port = RawUpstream.portNobodyListensOn();
        try (TestEdge edge = edge(port, ", breaker: { over: 1000 }")) {
            assertThat(ask(edge, "GET"))
                    .startsWith("HTTP/1.1 502 ")
                    .contains(
                            "refused the connection at 127.0.0.1:" + port,
                            "refused the connection at 127.0.0.2:" + port,
                            "refused the connection at 127.0.0.3:" + port,
                            "refused the connection at 127.0.0.4:" + port);

            try (RawUpstream back = RawUpstream.answeringAt("127.0.0.3", port, CLOSING)) {
                allAreAnswered(edge, "GET", 10);

                assertThat(back.heads()).hasSize(10);
            }
        }
    }

    @Test
    void a_search_that_finds_none_is_one_failure_for_the_breaker() throws IOException {
        int port = RawUpstream.portNobodyListensOn();
        try (TestEdge edge = edge(port, ", breaker: { over: 3 }, outlier: { errors: 10000 }")) {

            assertThat(ask(edge, "GET")).startsWith("HTTP/1.1 502 ");
            assertThat(ask(edge, "GET")).startsWith("HTTP/1.1 502 ");
            assertThat(ask(edge, "GET")).startsWith("HTTP/1.1 502 ");
            assertThat(ask(edge, "GET")).startsWith("HTTP/1.1 503 ");
        }
    }
}
