package dev.banyan.dataplane.wire.http2;

import dev.banyan.dataplane.message.Ascii;
import dev.banyan.dataplane.message.Head;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** The pseudo-header fields of one message (RFC 9113, 8.3), and the first line of HTTP/1 that they make. */
final class PseudoFields {
    private static final byte[] CRLF = Ascii.bytes("\r\n");
    private static final byte[] SPACE = Ascii.bytes(" ");
    private static final byte[] REQUEST_VERSION = Ascii.bytes(" HTTP/1.1\r\n");
    private static final byte[] STATUS_VERSION = Ascii.bytes("HTTP/1.1 ");
    private static final byte[] HTTP = Ascii.bytes("http");
    private static final byte[] HTTPS = Ascii.bytes("https");

    private @Nullable AsciiString method;
    private @Nullable AsciiString scheme;
    private @Nullable AsciiString authority;
    private @Nullable AsciiString path;
    private @Nullable AsciiString status;
    private boolean highBytesInPath;

    void clear() {
        method = null;
        scheme = null;
        authority = null;
        path = null;
        status = null;
        highBytesInPath = false;
    }

    @Nullable
    AsciiString authority() {
        return authority;
    }

    /** What is wrong with it; null: nothing. */
    @Nullable
    String add(boolean request, AsciiString name, AsciiString value) {
        @Nullable AsciiString before = null;
        switch (name.toString()) {
            case ":method" -> {
                before = request ? method : name;
                method = value;
            }
            case ":scheme" -> {
                before = request ? scheme : name;
                scheme = value;
            }
            case ":authority" -> {
                before = request ? authority : name;
                authority = value;
            }
            case ":path" -> {
                before = request ? path : name;
                path = value;
            }
            case ":status" -> {
                before = request ? name : status;
                status = value;
            }
            default -> before = name;
        }
        if (before != null) {
            return "a pseudo-header field is unknown, comes twice or belongs to the other kind of message";
        }
        return isVisible(name, value) ? null : "a pseudo-header field has a byte that it may not have";
    }

    /** Browsers send a path in bytes over 0x7F where somebody wrote it so. */
    private boolean isVisible(AsciiString name, AsciiString value) {
        if (FieldRules.has(value, Ascii.TARGET)) {
            return true;
        }
        highBytesInPath = name.contentEquals(":path") && FieldRules.has(value, Ascii.TARGET | Ascii.HIGH);
        return highBytesInPath;
    }

    /** Begins {@code head}; what is wrong with it, null: nothing. */
    @Nullable
    String requestLine(Head head) {
        AsciiString verb = method;
        AsciiString target = path;
        if (verb == null || verb.isEmpty() || !FieldRules.has(verb, Ascii.TOKEN)) {
            return "the method is missing or malformed";
        }
        boolean connect = verb.contentEquals("CONNECT");
        if (connect) {
            // Refused by the rules that HTTP/1 shares; it has an authority and nothing else (RFC 9113, 8.5).
            target = target == null ? authority : target;
        } else if (scheme == null || !(FieldRules.is(scheme, HTTP) || FieldRules.is(scheme, HTTPS))) {
            return "the scheme is missing or neither http nor https";
        }
        if (target == null || target.isEmpty()) {
            return "the path is missing or empty";
        }
        boolean asterisk = target.contentEquals("*") && verb.contentEquals("OPTIONS");
        if (target.byteAt(0) != '/' && !asterisk && !connect) {
            return "the path does not begin with a slash";
        }
        append(head, verb);
        append(head, SPACE);
        int targetStart = head.length();
        append(head, target);
        head.requestLine(targetStart - 1, targetStart, head.length(), false);
        head.highBytesInTarget(highBytesInPath);
        append(head, REQUEST_VERSION);
        return null;
    }

    /** Begins {@code head}; what is wrong with it, null: nothing. */
    @Nullable
    String statusLine(Head head) {
        AsciiString digits = status;
        int code = 0;
        for (int i = 0; digits != null && i < digits.length(); i++) {
            byte b = digits.byteAt(i);
            code = b >= '0' && b <= '9' && i < 3 ? code * 10 + b - '0' : Integer.MIN_VALUE;
        }
        if (code < 100 || code > 599 || code == 101) {
            return "the status is not three digits from 100 to 599, or is 101 (RFC 9113, 8.6)";
        }
        append(head, STATUS_VERSION);
        append(head, Ascii.bytes(code + " "));
        int reason = head.length();
        append(head, Ascii.bytes(HttpResponseStatus.valueOf(code).reasonPhrase()));
        head.statusLine(code, reason, head.length(), false);
        append(head, CRLF);
        return null;
    }

    private static void append(Head head, AsciiString text) {
        head.append(text.array(), text.arrayOffset(), text.length());
    }

    private static void append(Head head, byte[] bytes) {
        head.append(bytes, 0, bytes.length);
    }
}
