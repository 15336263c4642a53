package dev.banyan.dataplane.wire.http1;

import dev.banyan.dataplane.message.Ascii;
import dev.banyan.dataplane.message.FieldLine;
import dev.banyan.dataplane.message.Framing;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.HeadBytes;
import dev.banyan.dataplane.message.OutgoingHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpResponseStatus;

/** Writes heads: kept runs of the one that came as they are, then what is added (RFC 9112, 3 and 4). */
final class HeadWriter {
    private static final byte[] CRLF = Ascii.bytes("\r\n");
    private static final byte[] VERSION = Ascii.bytes(" HTTP/1.1\r\n");
    private static final byte[] STATUS = Ascii.bytes("HTTP/1.1 ");
    private static final byte[] CHUNKED = Ascii.bytes("Transfer-Encoding: chunked\r\n");
    private static final byte[] CONTENT_LENGTH = Ascii.bytes("Content-Length: ");
    private static final byte[] CLOSE = Ascii.bytes("Connection: close\r\n");
    private static final byte[] KEEP_ALIVE = Ascii.bytes("Connection: keep-alive\r\n");
    private static final byte[] WEBSOCKET = Ascii.bytes("Connection: Upgrade\r\nUpgrade: websocket\r\n");
    private static final byte[][] OWN_STATUS_LINES = new byte[600][];

    /** A body up to this size is copied behind its head: one buffer is written quicker than two. */
    static final int SMALL_BODY_BYTES = 4096;

    /** What is said of the connection; HTTP/1.1 says nothing where it stays open. */
    enum Connection {
        UNSAID,
        CLOSE,
        KEEP_ALIVE
    }

    static {
        for (int status = 100; status < OWN_STATUS_LINES.length; status++) {
            String reason = HttpResponseStatus.valueOf(status).reasonPhrase();
            OWN_STATUS_LINES[status] = Ascii.bytes("HTTP/1.1 " + status + " " + reason + "\r\n");
        }
    }

    private HeadWriter() {}

    /** A request head in a buffer of its own; the caller owns it. */
    static ByteBuf request(ByteBufAllocator allocator, OutgoingHead head) {
        Head source = head.source();
        HeadBytes out = HeadBytes.begin().add(head.method()).add(' ').add(head.path());
        if (source != null) {
            out.add(source.bytes(), source.pathEnd(), source.targetEnd() - source.pathEnd());
        }
        out.add(VERSION);
        fields(out, head, Connection.UNSAID);
        return out.inBuffer(allocator, roomForBody(head));
    }

    /** An answer's head in a buffer of its own; the caller owns it. */
    static ByteBuf answer(ByteBufAllocator allocator, OutgoingHead head, Connection connection) {
        Head source = head.source();
        HeadBytes out = HeadBytes.begin();
        if (source == null) {
            out.add(OWN_STATUS_LINES[head.status()]);
        } else {
            out.add(STATUS).decimal(head.status()).add(' ');
            out.add(source.bytes(), source.reasonStart(), source.reasonEnd() - source.reasonStart())
                    .add(CRLF);
        }
        fields(out, head, connection);
        return out.inBuffer(allocator, roomForBody(head));
    }

    private static int roomForBody(OutgoingHead head) {
        return head.contentLength() <= SMALL_BODY_BYTES ? (int) Math.max(0, head.contentLength()) : 0;
    }

    private static void fields(HeadBytes out, OutgoingHead head, Connection connection) {
        Head source = head.source();
        if (source != null) {
            keptRuns(out, head, source);
        }
        for (FieldLine line : head.added()) {
            out.add(line.line());
        }
        if (head.framing() == Framing.CHUNKED) {
            out.add(CHUNKED);
        } else if (head.contentLength() >= 0) {
            out.add(CONTENT_LENGTH).decimal(head.contentLength()).add(CRLF);
        }
        if (head.webSocket()) {
            out.add(WEBSOCKET);
        }
        switch (connection) {
            case UNSAID -> {}
            case CLOSE -> out.add(CLOSE);
            case KEEP_ALIVE -> out.add(KEEP_ALIVE);
        }
        out.add(CRLF);
    }

    private static void keptRuns(HeadBytes out, OutgoingHead head, Head source) {
        int count = source.count();
        int i = 0;
        while (i < count) {
            if (!head.keeps(i)) {
                i++;
                continue;
            }
            int runStart = source.nameStart(i);
            while (i < count && head.keeps(i)) {
                i++;
            }
            int runEnd = i < count ? source.nameStart(i) : source.length() - CRLF.length;
            out.add(source.bytes(), runStart, runEnd - runStart);
        }
    }
}
