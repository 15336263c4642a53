package dev.banyan.testing;

import java.io.IOException;

/** The example of RFC 6455, 1.3. */
public final class Handshake {
    public static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    /** What a browser sends, and a client of ActionCable too. */
    public static final String ASKED = """
            GET /cable HTTP/1.1\r
            Host: shop.test\r
            Connection: keep-alive, Upgrade\r
            Upgrade: websocket\r
            Origin: http://shop.test\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: %s\r
            Sec-WebSocket-Protocol: actioncable-v1-json, actioncable-unsupported\r
            \r
            """.formatted(KEY);

    public static final String GRANTED = """
            HTTP/1.1 101 Switching Protocols\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
            Sec-WebSocket-Protocol: actioncable-v1-json\r
            \r
            """;

    private Handshake() {}

    /** Grants what is asked, then gives back every byte until the end of what comes. */
    public static RawUpstream echo() throws IOException {
        return RawUpstream.running(connection -> {
            connection.readHead();
            connection.write(GRANTED);
            connection.input().transferTo(connection.output());
        });
    }
}
