package dev.banyan.dataplane.message;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A head to be sent: what is kept of the one that came, and what is added. Content-Length and Transfer-Encoding are not among the
 * fields: who writes it frames it.
 */
public final class OutgoingHead {
    private final String method;
    private final String path;
    private final int status;
    private final @Nullable Head source;
    private final boolean[] dropped;
    private final List<FieldLine> added = new ArrayList<>(8);
    private Framing framing = Framing.NONE;
    private long contentLength = -1;
    private boolean webSocket;

    private OutgoingHead(String method, String path, int status, @Nullable Head source) {
        this.method = method;
        this.path = path;
        this.status = status;
        this.source = source;
        this.dropped = new boolean[source == null ? 0 : source.count()];
    }

    /** A request made of one that came; the query is taken from it. */
    public static OutgoingHead request(String method, String path, Head source) {
        return new OutgoingHead(method, path, 0, source);
    }

    /** An answer made of one that came. */
    public static OutgoingHead answer(Head source) {
        return new OutgoingHead("", "", source.status(), source);
    }

    /** An answer of our own. */
    public static OutgoingHead answer(int status) {
        return new OutgoingHead("", "", status, null);
    }

    public void drop(int i) {
        dropped[i] = true;
    }

    public void add(FieldLine line) {
        added.add(line);
    }

    public void framed(Framing framing, long contentLength) {
        this.framing = framing;
        this.contentLength = contentLength;
    }

    /** Asks for a WebSocket on this connection, or grants it. */
    public void webSocket(boolean yes) {
        webSocket = yes;
    }

    public boolean webSocket() {
        return webSocket;
    }

    public String method() {
        return method;
    }

    public String path() {
        return path;
    }

    public int status() {
        return status;
    }

    public @Nullable Head source() {
        return source;
    }

    public boolean keeps(int i) {
        return !dropped[i];
    }

    public List<FieldLine> added() {
        return added;
    }

    public Framing framing() {
        return framing;
    }

    /** Bytes, or -1 if unknown; may be known of a message without a body, such as the answer to HEAD. */
    public long contentLength() {
        return contentLength;
    }

    @Override
    public String toString() {
        return "OutgoingHead[" + method + " " + path + " " + status + ", dropped " + Arrays.toString(dropped) + "]";
    }
}
