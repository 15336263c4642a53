package dev.banyan.sidetraffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.Endpoint;
import dev.banyan.routing.Upstream;
import dev.banyan.testing.RawUpstream;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebHealthProbeTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private final Vertx vertx = Vertx.vertx();
    private RawUpstream upstream;

    @BeforeEach
    void start() throws IOException {
        upstream = RawUpstream.answering(OK);
    }

    @AfterEach
    void stop() throws IOException {
        upstream.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost"})
    void an_address_that_no_request_may_go_to_is_not_asked_whatever_it_is_called(String host) throws Exception {
        Optional<String> why = asked(
                host,
                address -> address.getAddress().isLoopbackAddress() && address.getPort() == upstream.port()
                        ? Optional.of("is where nobody may go")
                        : Optional.empty());

        assertThat(why).contains("is where nobody may go");
        assertThat(upstream.connections()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost"})
    void the_others_are_asked_by_their_own_name(String host) throws Exception {
        assertThat(asked(host, address -> Optional.empty())).isEmpty();

        assertThat(upstream.heads())
                .singleElement()
                .asString()
                .startsWith("GET /up HTTP/1.1\r\n")
                .containsIgnoringCase("\r\nhost: " + host + ":" + upstream.port() + "\r\n");
    }

    @Test
    void one_that_takes_no_connection_is_told() throws Exception {
        upstream.close();

        assertThat(asked("127.0.0.1", address -> Optional.empty())).contains("refused the connection");
    }

    @Test
    void an_address_that_takes_no_connection_is_passed_over() throws Exception {
        assertThat(asked("rails.test", address -> Optional.empty(), "127.0.0.2", "127.0.0.3", "127.0.0.1"))
                .isEmpty();

        assertThat(upstream.connections()).isEqualTo(1);
    }

    @Test
    void an_address_that_no_request_may_go_to_is_passed_over_where_there_is_another() throws Exception {
        try (RawUpstream admin = RawUpstream.answeringAt("127.0.0.2", upstream.port(), OK)) {
            assertThat(asked("rails.test", WebHealthProbeTest::onlyTheFirst, "127.0.0.2", "127.0.0.1"))
                    .isEmpty();

            assertThat(admin.connections()).isZero();
        }
    }

    @Test
    void where_one_may_not_be_asked_and_the_other_takes_no_connection_that_is_told() throws Exception {
        upstream.close();

        assertThat(asked("rails.test", WebHealthProbeTest::onlyTheFirst, "127.0.0.2", "127.0.0.1"))
                .contains("refused the connection");
    }

    private static Optional<String> onlyTheFirst(InetSocketAddress address) {
        return address.getAddress().getHostAddress().equals("127.0.0.1")
                ? Optional.empty()
                : Optional.of("is where nobody may go");
    }

    private Optional<String> asked(String host, Function<InetSocketAddress, Optional<String>> refusal)
            throws Exception {
        return asked(host, refusal, "127.0.0.1");
    }

    private Optional<String> asked(
            String host, Function<InetSocketAddress, Optional<String>> refusal, String... literals) throws Exception {
        Endpoint endpoint = new Endpoint(false, host, upstream.port());
        List<InetSocketAddress> addresses = Stream.of(literals)
                .map(literal -> new InetSocketAddress(literal, upstream.port()))
                .toList();
        CompletableFuture<Optional<String>> result = new CompletableFuture<>();
        new WebHealthProbe(vertx, refusal)
                .ask(
                        at(endpoint),
                        endpoint,
                        addresses,
                        Optional.empty(),
                        "/up",
                        Duration.ofSeconds(20),
                        result::complete);
        return result.get(30, TimeUnit.SECONDS);
    }

    private static Upstream at(Endpoint endpoint) {
        return new Upstream(
                "rails",
                new Upstream.Fixed(List.of(endpoint)),
                Upstream.Protocol.HTTP1,
                Upstream.Tls.SYSTEM,
                Upstream.Balance.LEAST_REQUESTS,
                Upstream.Timeouts.DEFAULT,
                Upstream.DEFAULT_KEEP_ALIVE,
                Upstream.Limits.DEFAULT,
                Upstream.Retries.DEFAULT,
                Upstream.Breaker.DEFAULT,
                Optional.empty(),
                Upstream.Outlier.DEFAULT);
    }
}
