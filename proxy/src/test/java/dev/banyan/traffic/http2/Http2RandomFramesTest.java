package dev.banyan.traffic.http2;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.banyan.testing.Await;
import dev.banyan.testing.FramePeer;
import dev.banyan.testing.FramePeer.Frame;
import dev.banyan.testing.Gauges;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Frames in any order, of any stream, well-formed and not: whatever a peer says, others are served and nothing is left behind. */
class Http2RandomFramesTest {
    private static final int CONNECTIONS = 150;
    private static final int FRAMES = 60;
    private static final int FRAME_TYPES = 11;
    private static final byte[] LAST = {1, 2, 3, 4, 5, 6, 7, 8};
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.banyan.dataplane");

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void listenNoLonger() {
        logger.detachAppender(log);
    }

    private void assertNothingIsLeft(TestEdge edge) {
        Await.until(() -> gauge(edge, "banyan.connections.open") == 0);
        Await.until(() -> gauge(edge, "banyan.upstream.under.way") == 0);
        Await.until(() -> Gauges.active(edge) == 0);
        assertThat(log.list).noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.ERROR));
    }

    private static double gauge(TestEdge edge, String name) {
        return edge.registry().get(name).gauge().value();
    }

    /** Until all was read, or the end: what is under way meanwhile gets somewhere. */
    private static void catchUp(FramePeer client) throws IOException {
        client.frame(FramePeer.PING, 0, 0, LAST);
        Frame frame = client.next();
        while (frame != null && !Arrays.equals(frame.payload(), LAST)) {
            frame = client.next();
        }
    }

    /**
     * One frame.
     *
     * @param peer whose compression it is
     * @param newest the highest stream that is open, or that is to be opened by it
     */
    private static byte[] frame(FramePeer peer, Random random, int type, int newest, boolean server) {
        int older = 1 + 2 * random.nextInt((newest + 1) / 2);
        int stream = random.nextInt(3) > 0 ? newest : older;
        if (random.nextInt(60) == 0) {
            stream = random.nextInt(2 * newest);
        }
        int flags = random.nextInt(3) == 0 ? random.nextInt(64) : random.nextInt(2) * 4 + random.nextInt(2);
        boolean wild = random.nextInt(100) == 0;
        if (wild) {
            return FramePeer.bytes(type, flags, stream, bytes(random, random.nextInt(40)));
        }
        return switch (type) {
            case FramePeer.HEADERS -> FramePeer.bytes(type, 4 | (flags & 1), stream, block(peer, random, server));
            case FramePeer.SETTINGS ->
                random.nextInt(4) == 0
                        ? FramePeer.bytes(type, FramePeer.ACK, 0)
                        : FramePeer.bytes(
                                type, 0, 0, (byte) 0, (byte) 4, (byte) 0, (byte) random.nextInt(2), (byte) 0, (byte) 9);
            case FramePeer.PING -> FramePeer.bytes(type, random.nextInt(2), 0, bytes(random, 8));
            case FramePeer.GOAWAY ->
                FramePeer.bytes(type, 0, 0, new byte[] {0, 0, 0, (byte) random.nextInt(20), 0, 0, 0, 0});
            case FramePeer.WINDOW_UPDATE ->
                FramePeer.bytes(
                        type, 0, stream, FramePeer.number(random.nextInt(30) == 0 ? -1 : random.nextInt(70_000)));
            case FramePeer.RST_STREAM -> FramePeer.bytes(type, 0, stream, FramePeer.number(random.nextInt(14)));
            case FramePeer.PRIORITY -> FramePeer.bytes(type, 0, stream, bytes(random, 5));
            case FramePeer.CONTINUATION -> FramePeer.bytes(FramePeer.DATA, flags & 1, stream, bytes(random, 300));
            default -> FramePeer.bytes(type, flags & 9, stream, bytes(random, random.nextInt(30)));
        };
    }

    private static byte[] bytes(Random random, int n) {
        byte[] bytes = new byte[n];
        random.nextBytes(bytes);
        if (n > 0) {
            bytes[0] = (byte) random.nextInt(8);
        }
        return bytes;
    }

    private static byte[] block(FramePeer peer, Random random, boolean server) {
        List<String> fields = new ArrayList<>();
        if (random.nextInt(5) > 0) {
            fields.addAll(
                    server
                            ? List.of(
                                    ":status",
                                    List.of("200", "103", "204", "500").get(random.nextInt(4)))
                            : List.of(
                                    ":method",
                                    List.of("GET", "POST", "HEAD").get(random.nextInt(3)),
                                    ":scheme",
                                    "http",
                                    ":authority",
                                    "a",
                                    ":path",
                                    "/"));
        }
        if (random.nextInt(3) == 0) {
            fields.addAll(List.of("content-length", Integer.toString(random.nextInt(600))));
        }
        if (random.nextInt(3) == 0) {
            fields.addAll(List.of("x-a", "b"));
        }
        return peer.block(fields.toArray(new String[0]));
    }

    @Test
    void of_clients() throws Exception {
        try (RawUpstream rails = RawUpstream.answering(OK);
                TestEdge edge = TestEdge.forwardingTo(rails.port())) {
            for (int seed = 0; seed < CONNECTIONS; seed++) {
                Random random = new Random(seed);
                try (FramePeer client = FramePeer.to(edge.port())) {
                    int newest = -1;
                    for (int i = 0; i < FRAMES; i++) {
                        int type = newest < 0 ? FramePeer.HEADERS : random.nextInt(FRAME_TYPES);
                        newest += type == FramePeer.HEADERS && random.nextInt(10) > 0 ? 2 : 0;
                        client.send(frame(client, random, type, Math.max(newest, 1), false));
                        if (random.nextInt(4) == 0) {
                            catchUp(client);
                        }
                    }
                    catchUp(client);
                } catch (IOException e) {
                    // It was told to go.
                }
            }

            assertThat(rails.heads().size()).as("requests that came through").isGreaterThan(CONNECTIONS / 10);
            assertThat(RawClient.exchange(edge.port(), GET)).startsWith("HTTP/1.1 200 ");
            assertNothingIsLeft(edge);
        }
    }

    @Test
    void of_upstreams() throws Exception {
        AtomicInteger seeds = new AtomicInteger();
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    FramePeer peer = FramePeer.accepted(connection.socket());
                    Random random = new Random(seeds.incrementAndGet());
                    for (Frame frame = peer.next(); frame != null; frame = peer.next()) {
                        if (frame.type() == FramePeer.HEADERS) {
                            for (int i = 0; i < FRAMES; i++) {
                                int type = i == 0 ? FramePeer.HEADERS : random.nextInt(FRAME_TYPES);
                                peer.send(frame(peer, random, type, frame.stream(), true));
                            }
                        }
                    }
                });
                TestEdge edge = TestEdge.with(Tables.of("""
                        default: rails
                        upstreams:
                          rails:
                            url: "http://127.0.0.1:%d"
                            protocol: h2c
                            timeouts: { response: 200ms, idle: 200ms, total: 2s }
                            breaker: { failures: 100%%, over: 1000 }
                            outlier: { errors: 10000 }
                        """.formatted(rails.port())))) {
            Set<String> statuses = new HashSet<>();

            for (int i = 0; i < CONNECTIONS; i++) {
                // An answer, a local one, or a cut: the end of each.
                String answer = RawClient.exchange(edge.port(), GET);
                statuses.add(answer.substring(0, Math.min(answer.length(), "HTTP/1.1 200".length())));
            }

            assertThat(statuses).contains("HTTP/1.1 200", "HTTP/1.1 204", "HTTP/1.1 502");
            assertNothingIsLeft(edge);
        }
    }
}
