package dev.banyan.traffic.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.banyan.dataplane.listener.ListenerSettings;
import dev.banyan.net.Networks;
import dev.banyan.routing.Upstream.Protocol;
import dev.banyan.testing.Await;
import dev.banyan.testing.Bytes;
import dev.banyan.testing.FramePeer;
import dev.banyan.testing.FramePeer.Frame;
import dev.banyan.testing.MessageEnd;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Step;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import io.micrometer.core.instrument.Timer;
import io.netty.channel.epoll.Epoll;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is wrong with an answer and is read together with its head makes it a bad answer, as long as the client has nothing of it: 502,
 * or legacy's. Once the client has something it is cut.
 */
class BadFromTheStartTest {
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-From: modern\r\n\r\n";
    private static final int INTERNAL_ERROR = 2;
    private static final int REFUSED_STREAM = 7;

    private static final String SIDES = """
            default: rails
            upstreams:
              rails: { url: "http://127.0.0.1:%d" }
              modern: { url: "http://127.0.0.1:%d", protocol: %s, breaker: { failures: 50%%, over: 4, open-for: 60s } }
            routes:
              things:
                match: [ GET /things, POST /things ]
                legacy: rails
                modern: modern
                canary: 100%%
                writes: modern
            """;

    /** What an upstream writes at once for an answer. */
    private interface Answer {
        byte[] of(FramePeer peer, int stream) throws IOException;
    }

    private static Stream<Arguments> toEitherClient(Stream<Arguments> answers) {
        return answers.flatMap(answer -> Stream.of(Protocol.HTTP1, Protocol.H2C)
                .map(client -> Arguments.of(answer.get()[0], client, answer.get()[1])));
    }

    static Stream<Arguments> badByHttp1() {
        return toEitherClient(Stream.of(
                http1("a size that is none", "x\r\n\r\n"),
                http1("a size in two lines", "5\n\rhello\r\n0\r\n\r\n"),
                http1("a broken extension", "5;=\r\nhello\r\n0\r\n\r\n"),
                http1("no line end behind the data", "5\r\nhello!\r\n0\r\n\r\n"),
                http1("a size that is too large", "5\r\nhello\r\nffffffffffffffffff\r\n"),
                http1("a bad chunk behind good ones", "5\r\nhello\r\n1\r\n,\r\n5\r\nworld\r\nx\r\n\r\n"),
                http1("a bad chunk behind many", "1\r\na\r\n".repeat(500) + "x\r\n\r\n"),
                http1("a trailer that would frame it", "5\r\nhello\r\n0\r\nContent-Length: 3\r\n\r\n"),
                http1("a trailer that is none", "5\r\nhello\r\n0\r\nX : y\r\n\r\n")));
    }

    private static Arguments http1(String what, String chunks) {
        return Arguments.of(what, chunks);
    }

    static Stream<Arguments> badByHttp2() {
        return toEitherClient(Stream.of(
                http2(
                        "more content than announced",
                        (peer, id) -> frames(
                                head(peer, id, "content-length", "3"),
                                FramePeer.bytes(FramePeer.DATA, 0, id, Bytes.of("hello")))),
                http2(
                        "less content than announced",
                        (peer, id) -> frames(
                                head(peer, id, "content-length", "9"),
                                FramePeer.bytes(FramePeer.DATA, 0, id, Bytes.of("hel")),
                                FramePeer.bytes(FramePeer.DATA, FramePeer.END_STREAM, id, Bytes.of("lo")))),
                http2("a reset", (peer, id) -> frames(head(peer, id), reset(id, INTERNAL_ERROR))),
                http2(
                        "a reset behind content",
                        (peer, id) -> frames(
                                head(peer, id),
                                FramePeer.bytes(FramePeer.DATA, 0, id, Bytes.of("hello")),
                                reset(id, INTERNAL_ERROR))),
                http2(
                        "a reset that says it was never begun",
                        (peer, id) -> frames(head(peer, id), reset(id, REFUSED_STREAM))),
                http2(
                        "a GOAWAY that says so",
                        (peer, id) -> frames(head(peer, id), FramePeer.bytes(FramePeer.GOAWAY, 0, 0, new byte[8]))),
                http2(
                        "trailers that are none",
                        (peer, id) -> frames(
                                head(peer, id),
                                FramePeer.bytes(
                                        FramePeer.HEADERS,
                                        FramePeer.END_HEADERS | FramePeer.END_STREAM,
                                        id,
                                        peer.block(":status", "200")))),
                http2(
                        "the end of all by a broken rule",
                        (peer, id) ->
                                frames(head(peer, id), FramePeer.bytes(FramePeer.DATA, 0, 0, Bytes.of("hello"))))));
    }

    private static Arguments http2(String what, Answer answer) {
        return Arguments.of(what, answer);
    }

    private static byte[] head(FramePeer peer, int stream, String... more) {
        String[] fields = Stream.concat(Stream.of(":status", "200", "x-from", "modern"), Stream.of(more))
                .toArray(String[]::new);
        return FramePeer.bytes(FramePeer.HEADERS, FramePeer.END_HEADERS, stream, peer.block(fields));
    }

    private static byte[] reset(int stream, int code) {
        return FramePeer.bytes(FramePeer.RST_STREAM, 0, stream, FramePeer.number(code));
    }

    private static byte[] frames(byte[]... frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] frame : frames) {
            all.writeBytes(frame);
        }
        return all.toByteArray();
    }

    private static RawUpstream byHttp2(Answer answer) throws IOException {
        return RawUpstream.running(connection -> {
            FramePeer peer = FramePeer.accepted(connection.socket());
            while (true) {
                Frame head = peer.next(FramePeer.HEADERS);
                peer.fields(head);
                peer.send(answer.of(peer, head.stream()));
            }
        });
    }

    private static RawUpstream legacy() throws IOException {
        return RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 6\r\nX-From: legacy\r\n\r\nlegacy");
    }

    @ParameterizedTest(name = "{0}, to a client of {1}")
    @MethodSource
    void badByHttp1(String what, Protocol client, String chunks) throws IOException {
        try (RawUpstream modern = RawUpstream.answering(CHUNKED + chunks)) {
            isABadAnswer(modern, Protocol.HTTP1, client);
        }
    }

    @ParameterizedTest(name = "{0}, to a client of {1}")
    @MethodSource
    void badByHttp2(String what, Protocol client, Answer answer) throws IOException {
        try (RawUpstream modern = byHttp2(answer)) {
            isABadAnswer(modern, Protocol.H2C, client);
        }
    }

    /** A read is legacy's, a write is 502; both count, until the breaker has had enough. */
    private static void isABadAnswer(RawUpstream modern, Protocol ofModern, Protocol ofClient) throws IOException {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        try (RawUpstream legacy = legacy()) {
            try (TestEdge edge = TestEdge.logging(
                    Tables.of(SIDES.formatted(
                            legacy.port(), modern.port(), ofModern == Protocol.HTTP1 ? "http1" : "h2c")),
                    new ListenerSettings(TestEdge.anyPort(), Networks.NONE, false),
                    Channels.newChannel(log))) {

                for (int i = 0; i < 2; i++) {
                    assertThat(asked(edge, ofClient, "GET"))
                            .contains("200", "x-from: legacy", "x-banyan-reason: fallback")
                            .doesNotContain("x-from: modern");
                    assertThat(asked(edge, ofClient, "POST"))
                            .contains("502", "x-banyan-side: modern")
                            .doesNotContain("x-from: modern");
                }

                assertThat(asked(edge, ofClient, "POST"))
                        .as("the breaker is open")
                        .contains("503");
                Await.until(() -> requests(edge, "2xx") == 2 && requests(edge, "5xx") == 3);
                assertThat(edge.plane().upstreams().of("modern").orElseThrow().breaker())
                        .isEqualTo("open");
            }
        }
        assertThat(log.toString(StandardCharsets.UTF_8).lines().map(BadFromTheStartTest::statusAndReason))
                .as("a line each")
                .hasSize(5)
                .filteredOn(line -> line.startsWith("502 "))
                .hasSize(2)
                .allMatch(line -> line.contains("bad-answer") || line.contains("closed-within-answer"));
    }

    private static String statusAndReason(String line) {
        return line.replaceAll(".*\"status\":(\\d+).*?(\"end\":\"([a-z-]+)\"})?$", "$1 $3");
    }

    private static long requests(TestEdge edge, String status) {
        return edge.registry().find("banyan.requests").tag("status", status).timers().stream()
                .mapToLong(Timer::count)
                .sum();
    }

    /** Status and fields of the answer, in lower case. */
    private static List<String> asked(TestEdge edge, Protocol protocol, String method) throws IOException {
        try (MessageEnd client = MessageEnd.client(protocol, edge.port())) {
            client.ask(method, "/things");
            if (!method.equals("GET")) {
                client.end();
            }
            return client.nextHead();
        }
    }

    private static RawUpstream breakingLater(Protocol protocol, CompletableFuture<Void> seen) throws IOException {
        return RawUpstream.running(connection -> {
            if (protocol == Protocol.HTTP1) {
                connection.readHead();
                connection.write(CHUNKED + "5\r\nhello\r\n");
                await(seen);
                connection.write("x\r\n\r\n");
                connection.read();
            } else {
                FramePeer peer = FramePeer.accepted(connection.socket());
                int id = peer.next(FramePeer.HEADERS).stream();
                peer.send(frames(head(peer, id), FramePeer.bytes(FramePeer.DATA, 0, id, Bytes.of("hello"))));
                await(seen);
                peer.send(reset(id, INTERNAL_ERROR));
                connection.input().readAllBytes();
            }
        });
    }

    private static void await(CompletableFuture<Void> seen) throws IOException {
        try {
            seen.get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void once_the_client_has_something_of_it_it_is_cut(Protocol protocol) throws IOException {
        CompletableFuture<Void> seen = new CompletableFuture<>();
        try (RawUpstream modern = breakingLater(protocol, seen);
                RawUpstream legacy = legacy();
                TestEdge edge = TestEdge.with(Tables.of(
                        SIDES.formatted(legacy.port(), modern.port(), protocol == Protocol.HTTP1 ? "http1" : "h2c")));
                RawClient client = new RawClient(edge.port())) {

            client.send("GET /things HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ").contains("X-Banyan-Side: modern\r\n");
            assertThat(client.read(10)).isEqualTo("5\r\nhello\r\n");
            seen.complete(null);

            assertThat(client.readToEnd()).isEmpty();
            assertThat(legacy.heads()).isEmpty();
        }
    }

    static Stream<Protocol> protocols() {
        return Stream.of(Protocol.HTTP1, Protocol.H2C);
    }

    @Test
    void the_beginning_of_a_long_answer_is_not_held_for_its_end() throws IOException {
        String first = "a".repeat(200_000);
        CompletableFuture<Void> seen = new CompletableFuture<>();
        try (RawUpstream modern = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 200004\r\n\r\n" + first);
                    await(seen);
                    connection.write("done");
                    connection.read();
                });
                TestEdge edge = TestEdge.forwardingTo(modern.port());
                RawClient client = new RawClient(edge.port())) {

            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            client.readHead();
            assertThat(client.read(first.length())).isEqualTo(first);
            seen.complete(null);

            assertThat(client.read(4)).isEqualTo("done");
        }
    }

    /** The only loop is kept busy until the upstream has said all that it says, so that it finds it in one read. */
    @Test
    void one_whose_end_is_read_with_its_beginning_is_a_bad_answer() throws Exception {
        assumeTrue(Epoll.isAvailable(), "others than epoll tell of an end later than of what came before");
        Step written = new Step();
        Step busy = new Step();
        AtomicBoolean armed = new AtomicBoolean();
        InstantSource onLoop = () -> {
            if (armed.getAndSet(false)) {
                busy.next();
                awaitUnchecked(written);
            }
            return Instant.now();
        };
        try (busy;
                written;
                RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    armed.set(true);
                    busy.await();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello");
                    connection.shutdownOutput();
                    written.next();
                    connection.read();
                });
                TestEdge edge =
                        TestEdge.withOneLoop(Tables.onlyDefault(rails.port()), onLoop.withZone(ZoneOffset.UTC));
                RawClient client = new RawClient(edge.port())) {

            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(client.readHead()).startsWith("HTTP/1.1 502 ");
        }
    }

    private static void awaitUnchecked(Step step) {
        try {
            step.await();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether its end comes in one read with its beginning is not for a test to say; that client, log and meters agree is. */
    @Test
    void one_that_ends_too_soon_is_counted_as_the_client_sees_it() throws IOException {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        int bad = 0;
        try (RawUpstream rails = RawUpstream.running(connection -> {
            connection.readHead();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello");
        })) {
            try (TestEdge edge = TestEdge.logging(
                    Tables.onlyDefault(rails.port()),
                    new ListenerSettings(TestEdge.anyPort(), Networks.NONE, false),
                    Channels.newChannel(log))) {
                for (int i = 0; i < 40; i++) {
                    String answer =
                            RawClient.exchange(edge.port(), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
                    assertThat(answer).isNotEmpty();
                    bad += answer.startsWith("HTTP/1.1 502 ") ? 1 : 0;
                }
                int failed = bad;
                Await.until(() -> requests(edge, "5xx") == failed);
            }
        }
        assertThat(log.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains("\"status\":502")))
                .hasSize(bad);
    }
}
