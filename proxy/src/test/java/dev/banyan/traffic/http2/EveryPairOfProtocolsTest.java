package dev.banyan.traffic.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.dataplane.message.rules.MinimumRate;
import dev.banyan.dataplane.wire.ClientTimeouts;
import dev.banyan.routing.Upstream;
import dev.banyan.routing.Upstream.Protocol;
import dev.banyan.testing.Await;
import dev.banyan.testing.MessageEnd;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Step;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What comes in more than one piece, or before its turn: whichever protocol the client speaks, and whichever the upstream. */
@Timeout(120)
class EveryPairOfProtocolsTest {
    private static final Duration MOMENT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofSeconds(60);

    /** Longer than a client's body, or an answer that it does not take, may rest. */
    private static final Duration REST = MOMENT.multipliedBy(5);

    @ParameterizedTest(name = "{0} to {1}")
    @CsvSource({"HTTP1,HTTP1", "HTTP1,H2C", "H2C,HTTP1", "H2C,H2C"})
    @Retention(RetentionPolicy.RUNTIME)
    private @interface EveryPair {}

    private interface Script {
        void run(MessageEnd server) throws Exception;
    }

    private static RawUpstream upstream(Protocol protocol, CompletableFuture<Void> done, Script script)
            throws IOException {
        return RawUpstream.running(connection -> {
            try {
                script.run(MessageEnd.server(protocol, connection));
                done.complete(null);
                connection.input().readAllBytes();
            } catch (Exception | AssertionError e) {
                done.completeExceptionally(e);
            }
        });
    }

    private static TestEdge edge(RawUpstream rails, Protocol protocol) throws IOException {
        return TestEdge.with(
                Tables.onlyDefault(rails.port(), protocol, Upstream.Tls.SYSTEM, Upstream.Timeouts.DEFAULT));
    }

    /** Patient with the upstream; with clients that stop in the midst of something for a moment only. */
    private static TestEdge impatientEdge(RawUpstream rails, Protocol protocol) throws IOException {
        Upstream.Timeouts patient = new Upstream.Timeouts(LONG, LONG, LONG, Optional.empty());
        return TestEdge.with(
                Tables.onlyDefault(rails.port(), protocol, Upstream.Tls.SYSTEM, patient),
                new ClientTimeouts(LONG, LONG, MOMENT, MOMENT, new MinimumRate(100_000, MOMENT)));
    }

    private static void rest() {
        long start = System.nanoTime();
        Await.until(() -> System.nanoTime() - start > REST.toNanos());
    }

    private static void assertDone(CompletableFuture<Void> upstream) throws Exception {
        upstream.get(30, TimeUnit.SECONDS);
    }

    @EveryPair
    void each_server_sent_event_arrives_before_the_next_is_sent(Protocol ofClient, Protocol ofUpstream)
            throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        try (Step seen = new Step();
                RawUpstream rails = upstream(ofUpstream, done, server -> {
                    assertThat(server.nextHead()).contains("GET /events", "accept: text/event-stream");
                    server.answer(200, "content-type", "text/event-stream");
                    for (int i = 0; i < 3; i++) {
                        seen.await();
                        server.data("data: " + i + "\n\n");
                    }
                    seen.await();
                    server.end();
                });
                TestEdge edge = edge(rails, ofUpstream);
                MessageEnd client = MessageEnd.client(ofClient, edge.port())) {

            client.ask("GET", "/events", "accept", "text/event-stream");

            assertThat(client.nextHead()).startsWith("200").contains("content-type: text/event-stream");
            for (int i = 0; i < 3; i++) {
                seen.next();
                assertThat(client.nextData(9)).isEqualTo("data: " + i + "\n\n");
            }
            seen.next();
            assertThat(client.nextEnd()).isEmpty();
            assertDone(done);
        }
    }

    @EveryPair
    void a_poll_and_a_stream_of_events_may_rest_for_longer_than_clients_may(Protocol ofClient, Protocol ofUpstream)
            throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        try (Step rested = new Step();
                RawUpstream rails = upstream(ofUpstream, done, server -> {
                    server.nextHead();
                    rested.await();
                    server.answer(200);
                    rested.await();
                    server.data("new");
                    server.end();
                });
                TestEdge edge = impatientEdge(rails, ofUpstream);
                MessageEnd client = MessageEnd.client(ofClient, edge.port())) {

            client.ask("GET", "/poll");
            rest();
            rested.next();
            assertThat(client.nextHead()).startsWith("200");
            rest();
            rested.next();

            assertThat(client.nextData(3)).isEqualTo("new");
            assertThat(client.nextEnd()).isEmpty();
            assertDone(done);
        }
    }

    @EveryPair
    void early_hints_arrive_while_the_answer_is_still_being_made(Protocol ofClient, Protocol ofUpstream)
            throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        try (Step seen = new Step();
                RawUpstream rails = upstream(ofUpstream, done, server -> {
                    server.nextHead();
                    server.answer(103, "link", "</a.css>; rel=preload");
                    server.answer(103, "link", "</b.css>; rel=preload");
                    seen.await();
                    server.answer(200);
                    server.data("ok");
                    server.end();
                });
                TestEdge edge = edge(rails, ofUpstream);
                MessageEnd client = MessageEnd.client(ofClient, edge.port())) {

            client.ask("GET", "/");

            assertThat(client.nextHead()).containsExactly("103", "link: </a.css>; rel=preload");
            assertThat(client.nextHead()).containsExactly("103", "link: </b.css>; rel=preload");
            seen.next();
            assertThat(client.nextHead()).startsWith("200");
            assertThat(client.nextData(2)).isEqualTo("ok");
            assertThat(client.nextEnd()).isEmpty();
            assertDone(done);
        }
    }

    @EveryPair
    void a_client_that_expects_100_sends_its_body_once_the_upstream_wants_it(Protocol ofClient, Protocol ofUpstream)
            throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        try (Step mayContinue = new Step();
                RawUpstream rails = upstream(ofUpstream, done, server -> {
                    assertThat(server.nextHead()).contains("POST /upload", "expect: 100-continue");
                    mayContinue.await();
                    server.answer(100);
                    assertThat(server.nextData(4)).isEqualTo("body");
                    server.nextEnd();
                    server.answer(201);
                    server.end();
                });
                TestEdge edge = edge(rails, ofUpstream);
                MessageEnd client = MessageEnd.client(ofClient, edge.port())) {

            client.ask("POST", "/upload", "expect", "100-continue");
            mayContinue.next();
            assertThat(client.nextHead()).containsExactly("100");
            client.data("body");
            client.end();

            assertThat(client.nextHead()).startsWith("201");
            assertThat(client.nextEnd()).isEmpty();
            assertDone(done);
        }
    }

    @EveryPair
    void trailers_go_both_ways(Protocol ofClient, Protocol ofUpstream) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        try (RawUpstream rails = upstream(ofUpstream, done, server -> {
                    server.nextHead();
                    assertThat(server.nextData(2)).isEqualTo("up");
                    assertThat(server.nextEnd()).containsExactly("x-sum: 7");
                    server.answer(200, "trailer", "x-total");
                    server.data("down");
                    server.end("x-total", "11");
                });
                TestEdge edge = edge(rails, ofUpstream);
                MessageEnd client = MessageEnd.client(ofClient, edge.port())) {

            client.ask("POST", "/", "te", "trailers");
            client.data("up");
            client.end("x-sum", "7", "x-forwarded-for", "6.6.6.6");

            assertThat(client.nextHead()).startsWith("200");
            assertThat(client.nextData(4)).isEqualTo("down");
            assertThat(client.nextEnd()).containsExactly("x-total: 11");
            assertDone(done);
        }
    }

    @EveryPair
    void an_answer_before_the_request_is_whole_is_heard(Protocol ofClient, Protocol ofUpstream) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        try (RawUpstream rails = upstream(ofUpstream, done, server -> {
                    server.nextHead();
                    assertThat(server.nextData(4)).isEqualTo("some");
                    server.answer(413);
                    server.data("large");
                    server.end();
                });
                TestEdge edge = edge(rails, ofUpstream);
                MessageEnd client = MessageEnd.client(ofClient, edge.port())) {

            client.ask("POST", "/");
            client.data("some");

            assertThat(client.nextHead()).startsWith("413");
            assertThat(client.nextData(5)).isEqualTo("large");
            assertThat(client.nextEnd()).isEmpty();
            assertDone(done);
        }
    }

    @EveryPair
    void request_and_answer_may_flow_at_the_same_time(Protocol ofClient, Protocol ofUpstream) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        try (RawUpstream rails = upstream(ofUpstream, done, server -> {
                    server.nextHead();
                    server.answer(200);
                    for (int i = 0; i < 3; i++) {
                        server.data(server.nextData(4));
                    }
                    server.nextEnd();
                    server.end();
                });
                TestEdge edge = edge(rails, ofUpstream);
                MessageEnd client = MessageEnd.client(ofClient, edge.port())) {

            client.ask("POST", "/");
            assertThat(client.nextHead()).startsWith("200");
            for (String piece : List.of("ping", "pong", "peng")) {
                client.data(piece);
                assertThat(client.nextData(4)).isEqualTo(piece);
            }
            client.end();

            assertThat(client.nextEnd()).isEmpty();
            assertDone(done);
        }
    }
}
