package dev.banyan.testing;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * One way to make a server pay for what costs a client little.
 *
 * @param metric the beginning of the lines of {@code /metrics} that must go up; empty: it is bounded, and nothing to be ended for
 * @param attackers how many do it at once, again as soon as they were ended
 */
public record Abuse(String name, String metric, int attackers, Form form) {
    private static final int SEVERAL = 6;
    private static final int CROWD = 200;
    private static final int NARROW_BYTES = 4096;
    private static final long PING_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final String POST = "POST /hang HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n";
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n\r\n";
    private static final String HANG = "GET /hang HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String LARGE = "GET /large HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String OTHER = "GET /other HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String FIELD = "X-A: " + "v".repeat(1000) + "\r\n";

    /** One attacker with many connections, which says when all of them stand. */
    public boolean isCrowd() {
        return attackers == 1;
    }

    /** What one attacker does. Ends, or throws, at the latest when the target is closed. */
    public interface Form {
        void against(AbuseTarget target) throws IOException;
    }

    /** What can be done with one connection of HTTP/2. */
    public interface OnHttp2 {
        void on(FramePeer client) throws IOException;
    }

    /** All floods of HTTP/2 that end their connection. */
    public static Stream<Abuse> floodsOfHttp2() {
        return Http2Flood.all()
                .map(flood -> http2(flood.kind() + " " + flood.form(), flood.kind(), 0, client -> {
                    flood.attack().on(client);
                    client.goneAway();
                }));
    }

    /** What HTTP/2 allows, or ends late. */
    public static Stream<Abuse> heldByHttp2() {
        return Stream.of(
                http2("pings, no answer read", "ping-flood", NARROW_BYTES, client -> {
                    byte[] pings = FramePeer.times(1000, FramePeer.bytes(FramePeer.PING, 0, 0, new byte[8]));
                    forEver(() -> client.send(pings));
                }),
                http2("settings, no acknowledgement read", "settings-flood", NARROW_BYTES, client -> {
                    byte[] settings = FramePeer.times(1000, FramePeer.bytes(FramePeer.SETTINGS, 0, 0));
                    forEver(() -> client.send(settings));
                }),
                http2("bodies in single bytes that nobody takes", "", 0, client -> {
                    for (int stream = 1; stream < 2 * 15; stream += 2) {
                        client.post(stream, "/hang");
                        client.send(FramePeer.times(60_000, FramePeer.bytes(FramePeer.DATA, 0, stream, (byte) 'x')));
                    }
                    client.goneAway();
                }),
                http2("windows of zero", "", 0, client -> {
                    client.settings(4, 0);
                    ask(client, "/large");
                    client.goneAway();
                }),
                http2("windows that open byte by byte", "", 0, client -> {
                    client.settings(4, 0);
                    ask(client, "/large");
                    forEver(() -> {
                        for (int stream = 1; stream < 2 * 128; stream += 2) {
                            client.windowUpdate(stream, 1);
                        }
                        for (int i = 0; i < 128; i++) {
                            client.await(FramePeer.DATA);
                        }
                    });
                }),
                http2("large answers that nobody reads", "", NARROW_BYTES, client -> {
                    client.settings(4, Integer.MAX_VALUE);
                    client.windowUpdate(0, Integer.MAX_VALUE - 65_535);
                    ask(client, "/large");
                    awaitEnd(client);
                }),
                http2("a tiny limit on heads announced", "", 0, client -> {
                    client.settings(6, 1);
                    for (int stream = 1; ; stream += 2) {
                        client.get(stream, "/other");
                        client.answer(stream);
                    }
                }),
                crowd("slow prefaces", 0, "PRI * HTTP/2.0\r\n"));
    }

    private static void ask(FramePeer client, String path) throws IOException {
        for (int stream = 1; stream < 2 * 128; stream += 2) {
            client.get(stream, path);
        }
    }

    /** What HTTP/1 lets clients do. */
    public static Stream<Abuse> ofHttp1() {
        return Stream.of(
                crowd("slow heads", 0, "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: "),
                endless("endless start lines", "GET /", "a".repeat(1000)),
                endless("endless heads", "GET / HTTP/1.1\r\nHost: a\r\n", FIELD),
                endless("endless chunk extensions", POST + CHUNKED + "1;a=", "b".repeat(1000)),
                endless("endless trailers", POST + CHUNKED + "0\r\n", FIELD),
                endless("bodies in single bytes that nobody takes", POST + CHUNKED, "1\r\nx\r\n".repeat(200)),
                endless("pipelined requests, no answer read", "", OTHER.repeat(100)),
                endless("pipelined behind one that hangs", HANG, OTHER.repeat(100)),
                crowd("slow readers of a large answer", NARROW_BYTES, LARGE),
                crowd("half-closed with an answer under way", NARROW_BYTES, LARGE, /* halfClosed= */ true, CROWD),
                crowd("half-closed without a request", 0, "", /* halfClosed= */ true, CROWD),
                crowd("idle connections", 0, "", /* halfClosed= */ false, 10 * CROWD),
                new Abuse("resets", "", SEVERAL, target -> {
                    for (String first : new String[] {"", "GET / HTTP/1.1\r\nHost: a\r\nX-Long: ", HANG, LARGE}) {
                        Socket connection = target.http1(0);
                        connection.setSoLinger(true, 0);
                        AbuseTarget.send(connection, first);
                        target.drop(connection);
                    }
                }));
    }

    /** What is done before TLS is agreed on. */
    public static Stream<Abuse> ofHandshakes() {
        // A record with a ClientHello of 4 KiB, of which half comes.
        String half = "\u0016\u0003\u0001\u0010\u0000\u0001\u0000\u000f\u00fc\u0003\u0003" + "r".repeat(2000);
        return Stream.of(
                new Abuse("unfinished handshakes", "", 1, target -> {
                    for (int i = 0; i < CROWD; i++) {
                        AbuseTarget.send(target.mute(), half);
                    }
                    target.stands();
                    awaitEnd(target.mute());
                }),
                new Abuse("no TLS at all", "banyan_connections_refused_total{reason=\"not-tls\"", SEVERAL, target -> {
                    Socket connection = target.mute();
                    AbuseTarget.send(connection, OTHER);
                    awaitEnd(connection);
                }),
                new Abuse("handshakes, one after the other", "", SEVERAL, target -> target.http1(0)));
    }

    private static Abuse http2(String name, String kind, int receiveBufferBytes, OnHttp2 onHttp2) {
        String metric = kind.isEmpty() ? "" : "banyan_http2_misuse_total{kind=\"%s\"}".formatted(kind);
        return new Abuse(name, metric, SEVERAL, target -> {
            try (FramePeer client = target.http2(receiveBufferBytes)) {
                onHttp2.on(client);
            }
        });
    }

    private static Abuse crowd(String name, int receiveBufferBytes, String begun) {
        return crowd(name, receiveBufferBytes, begun, /* halfClosed= */ false, CROWD);
    }

    /** Many connections that send the beginning of something, and stay. */
    private static Abuse crowd(String name, int receiveBufferBytes, String begun, boolean halfClosed, int size) {
        return new Abuse(name, "", 1, target -> {
            for (int i = 0; i < size; i++) {
                Socket connection = target.http1(receiveBufferBytes);
                AbuseTarget.send(connection, begun);
                if (halfClosed) {
                    connection.shutdownOutput();
                }
            }
            target.stands();
            awaitEnd(target.http1(0));
        });
    }

    /** The same over and over until the connection is ended; nothing is read. */
    private static Abuse endless(String name, String begun, String more) {
        return new Abuse(name, "", SEVERAL, target -> {
            Socket connection = target.http1(NARROW_BYTES);
            AbuseTarget.send(connection, begun);
            forEver(() -> AbuseTarget.send(connection, more));
        });
    }

    private interface Step {
        void take() throws IOException;
    }

    private static void forEver(Step step) throws IOException {
        while (true) {
            step.take();
        }
    }

    /** Without reading what comes. */
    private static void awaitEnd(FramePeer client) throws IOException {
        forEver(() -> {
            LockSupport.parkNanos(PING_NANOS);
            client.frame(FramePeer.PING, 0, 0, new byte[8]);
        });
    }

    private static void awaitEnd(Socket connection) throws IOException {
        connection.getInputStream().readAllBytes();
    }

    @Override
    public String toString() {
        return name;
    }
}
