package dev.banyan.dataplane.message.rules;

import dev.banyan.dataplane.message.Ascii;
import dev.banyan.dataplane.message.Field;
import dev.banyan.dataplane.message.Framing;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.ListedNames;
import dev.banyan.dataplane.message.MessageError;
import org.jspecify.annotations.Nullable;

/** What a request's head must hold before it goes anywhere: target, host, framing, persistence (RFC 9112, 3 and 6). */
public final class RequestRules {
    private static final int MAX_CONNECTION_NAMES = 100;
    private static final byte[] CONTINUE = Ascii.bytes("100-continue");
    private static final byte[] HTTP = Ascii.bytes("http://");
    private static final byte[] HTTPS = Ascii.bytes("https://");

    private RequestRules() {}

    /** Fills in target, framing and persistence; null if the request may go on. */
    public static @Nullable MessageError apply(Head head) {
        MessageError error = target(head);
        if (error == null) {
            error = host(head);
        }
        if (error == null) {
            error = connection(head);
        }
        if (error == null) {
            error = BodyFraming.read(head, Framing.NONE);
        }
        if (error == null) {
            error = expectation(head);
        }
        head.persistent(Persistence.of(head));
        return error;
    }

    private static @Nullable MessageError target(Head head) {
        byte[] bytes = head.bytes();
        int start = head.targetStart();
        int end = head.targetEnd();
        String method = head.method();
        if (method.equals("CONNECT")) {
            return MessageError.bad("no-tunnels", "CONNECT is not served here");
        }
        if (bytes[start] == '/') {
            targetFrom(head, start, -1, -1);
            return null;
        }
        if (bytes[start] == '*' && end - start == 1 && method.equals("OPTIONS")) {
            head.target(start, end, -1, -1);
            return null;
        }
        return absoluteForm(head, bytes, start, end);
    }

    private static @Nullable MessageError absoluteForm(Head head, byte[] bytes, int start, int end) {
        int authority = start + schemeLength(bytes, start, end);
        if (authority == start) {
            return MessageError.bad("bad-target", "the request target is neither a path nor an http URI");
        }
        int path = authority;
        while (path < end && bytes[path] != '/' && bytes[path] != '?') {
            path++;
        }
        if (!Authority.isValid(bytes, authority, path)) {
            return MessageError.bad("bad-target", "the request target has no valid host (expected: http://host/path)");
        }
        targetFrom(head, path, authority, path);
        return null;
    }

    /** An authority in bytes over 0x7F has been refused: of a host they are no spelling that everybody reads alike. */
    private static void targetFrom(Head head, int path, int authorityStart, int authorityEnd) {
        head.escapeTarget(path);
        head.target(path, pathEnd(head.bytes(), path, head.targetEnd()), authorityStart, authorityEnd);
    }

    private static int schemeLength(byte[] bytes, int start, int end) {
        for (byte[] scheme : new byte[][] {HTTP, HTTPS}) {
            if (end - start > scheme.length && Ascii.equalsIgnoreCase(bytes, start, start + scheme.length, scheme)) {
                return scheme.length;
            }
        }
        return 0;
    }

    private static int pathEnd(byte[] bytes, int start, int end) {
        int i = start;
        while (i < end && bytes[i] != '?') {
            i++;
        }
        return i;
    }

    private static @Nullable MessageError host(Head head) {
        int host = head.indexOf(Field.HOST, 0);
        if (host < 0) {
            return head.http10() ? null : MessageError.bad("no-host", "there is no Host field (RFC 9112, 3.2)");
        }
        if (head.indexOf(Field.HOST, host + 1) >= 0) {
            return MessageError.bad("two-hosts", "there is more than one Host field");
        }
        if (!Authority.isValid(head.bytes(), head.valueStart(host), head.valueEnd(host))) {
            return MessageError.bad("bad-host", "the Host field is not a host with an optional port");
        }
        String authority = head.authority();
        if (authority != null && !sameHost(head, authority, head.value(host))) {
            return MessageError.bad("two-hosts", "the request target names another host than the Host field");
        }
        return null;
    }

    /** The port of the scheme may be left out of either (RFC 9110, 4.2.3). */
    private static boolean sameHost(Head head, String authority, String host) {
        if (authority.equalsIgnoreCase(host)) {
            return true;
        }
        byte[] bytes = head.bytes();
        String port = schemeLength(bytes, head.targetStart(), head.targetEnd()) == HTTPS.length ? ":443" : ":80";
        return without(port, authority).equalsIgnoreCase(without(port, host));
    }

    private static String without(String port, String authority) {
        String trimmed =
                authority.endsWith(port) ? authority.substring(0, authority.length() - port.length()) : authority;
        return trimmed.endsWith(":") ? trimmed.substring(0, trimmed.length() - 1) : trimmed;
    }

    /** Each name that Connection lists is compared with each field: tens of thousands would keep an event loop from all others. */
    private static @Nullable MessageError connection(Head head) {
        int names = 0;
        for (int i = head.indexOf(Field.CONNECTION, 0); i >= 0; i = head.indexOf(Field.CONNECTION, i + 1)) {
            names += ListedNames.count(head, i);
        }
        return names > MAX_CONNECTION_NAMES
                ? MessageError.bad("too-many-names", "Connection lists more than " + MAX_CONNECTION_NAMES + " names")
                : null;
    }

    private static @Nullable MessageError expectation(Head head) {
        int expect = head.indexOf(Field.EXPECT, 0);
        if (expect >= 0 && !(head.valueIs(expect, CONTINUE) && head.indexOf(Field.EXPECT, expect + 1) < 0)) {
            return new MessageError(417, "bad-expectation", "only 100-continue can be expected (RFC 9110, 10.1.1)");
        }
        return null;
    }
}
