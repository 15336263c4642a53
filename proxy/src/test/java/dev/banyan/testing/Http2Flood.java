package dev.banyan.testing;

import java.io.IOException;
import java.util.stream.Stream;

/**
 * What costs a client of HTTP/2 nothing and a server much.
 *
 * @param kind as the metric has it
 * @param form which of those of its kind; empty: the plain one
 */
public record Http2Flood(String kind, String form, Abuse.OnHttp2 attack) {
    private static final int MANY = 20_000;
    private static final int STREAMS = 1_000;

    public static Stream<Http2Flood> all() {
        return Stream.of(
                flood("rapid-reset", client -> {
                    for (int stream = 1; stream < 2 * STREAMS; stream += 2) {
                        client.get(stream, "/");
                        client.frame(FramePeer.RST_STREAM, 0, stream, FramePeer.number(8));
                    }
                }),
                flood("continuation-flood", client -> {
                    client.frame(FramePeer.HEADERS, 0, 1, client.block(":method", "GET"));
                    client.send(FramePeer.times(MANY, FramePeer.bytes(FramePeer.CONTINUATION, 0, 1)));
                }),
                flood("continuation-flood", "with content", client -> {
                    client.frame(FramePeer.HEADERS, 0, 1, client.block(":method", "GET"));
                    byte[] part = FramePeer.bytes(FramePeer.CONTINUATION, 0, 1, new byte[16_000]);
                    client.send(FramePeer.times(100, part));
                }),
                madeYouReset("a window update of nothing", (client, stream) -> client.windowUpdate(stream, 0)),
                madeYouReset(
                        "a window that overflows", (client, stream) -> client.windowUpdate(stream, Integer.MAX_VALUE)),
                madeYouReset("DATA after its end", (client, stream) -> client.data(stream, "x", true)),
                madeYouReset("HEADERS after its end", (client, stream) -> client.headers(stream, true, "x-a", "1")),
                madeYouReset(
                        "PRIORITY of a wrong length",
                        (client, stream) -> client.frame(FramePeer.PRIORITY, 0, stream, new byte[4])),
                flood("made-you-reset", "heads that are none", client -> {
                    for (int stream = 1; stream < 2 * STREAMS; stream += 2) {
                        client.headers(stream, true, ":method", "GET", "connection", "close");
                    }
                }),
                flood("header-bomb", client -> {
                    String[] fields = new String[2000];
                    for (int i = 0; i < fields.length; i += 2) {
                        fields[i] = "x-a";
                        fields[i + 1] = "v".repeat(4000);
                    }
                    client.headers(1, true, fields);
                    // All of it is in the table now: a byte a field.
                    byte[] block = client.block(fields);
                    for (int stream = 3; stream < 200; stream += 2) {
                        client.frame(FramePeer.HEADERS, FramePeer.END_HEADERS, stream, block);
                    }
                }),
                flood("too-many-streams", client -> {
                    for (int stream = 1; stream < 2 * STREAMS; stream += 2) {
                        client.get(stream, "/");
                    }
                }),
                flood(
                        "settings-flood",
                        client -> client.send(FramePeer.times(MANY, FramePeer.bytes(FramePeer.SETTINGS, 0, 0)))),
                flood(
                        "settings-flood",
                        "of acknowledgements",
                        client -> client.send(FramePeer.times(MANY, FramePeer.bytes(FramePeer.SETTINGS, 1, 0)))),
                flood(
                        "ping-flood",
                        client ->
                                client.send(FramePeer.times(MANY, FramePeer.bytes(FramePeer.PING, 0, 0, new byte[8])))),
                flood("empty-data-flood", client -> {
                    client.post(1, "/");
                    client.send(FramePeer.times(MANY, FramePeer.bytes(FramePeer.DATA, 0, 1)));
                }),
                flood("empty-data-flood", "of padding", client -> {
                    client.post(1, "/");
                    client.send(FramePeer.times(MANY, FramePeer.bytes(FramePeer.DATA, 8, 1, (byte) 1, (byte) 0)));
                }),
                flood(
                        "priority-flood",
                        client -> client.send(
                                FramePeer.times(MANY, FramePeer.bytes(FramePeer.PRIORITY, 0, 3, new byte[5])))),
                flood(
                        "window-update-flood",
                        client -> client.send(FramePeer.times(
                                MANY, FramePeer.bytes(FramePeer.WINDOW_UPDATE, 0, 0, FramePeer.number(1))))),
                flood(
                        "useless-frame-flood",
                        client -> client.send(FramePeer.times(MANY, FramePeer.bytes(0x42, 0, 0)))));
    }

    private static Http2Flood flood(String kind, Abuse.OnHttp2 attack) {
        return flood(kind, "", attack);
    }

    private static Http2Flood flood(String kind, String form, Abuse.OnHttp2 attack) {
        return new Http2Flood(kind, form, attack);
    }

    /** A mistake that a client makes with one of its streams. */
    private interface Mistake {
        void with(FramePeer client, int stream) throws IOException;
    }

    private static Http2Flood madeYouReset(String form, Mistake mistake) {
        return flood("made-you-reset", form, client -> {
            for (int stream = 1; stream < 2 * STREAMS; stream += 2) {
                client.get(stream, "/");
                mistake.with(client, stream);
            }
        });
    }
}
