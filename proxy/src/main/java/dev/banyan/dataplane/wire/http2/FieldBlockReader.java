package dev.banyan.dataplane.wire.http2;

import dev.banyan.dataplane.wire.Ascii;
import dev.banyan.dataplane.wire.Field;
import dev.banyan.dataplane.wire.Head;
import dev.banyan.dataplane.wire.HeadLimits;
import dev.banyan.dataplane.wire.MessageError;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads blocks of header fields into heads, in the form of HTTP/1, as strictly as HTTP/1's own reader (RFC 9113, 8.2 and 8.3): what
 * goes on as HTTP/1 can hold no line that nobody sent. Netty undoes the compression; what it finds is judged here. One a
 * connection, because a block changes the table for the next.
 */
final class FieldBlockReader {
    private static final byte[] CRLF = Ascii.bytes("\r\n");
    private static final byte[] COLON = Ascii.bytes(": ");
    private static final byte[] SPACE = Ascii.bytes(" ");
    private static final byte[] HOST = Ascii.bytes("Host");
    private static final byte[] REQUEST_VERSION = Ascii.bytes(" HTTP/1.1\r\n");
    private static final byte[] STATUS_VERSION = Ascii.bytes("HTTP/1.1 ");
    private static final byte[] TRAILERS = Ascii.bytes("trailers");
    private static final byte[] HTTP = Ascii.bytes("http");
    private static final byte[] HTTPS = Ascii.bytes("https");

    /** What came of a block. */
    enum Outcome {
        READ,
        /** The message is no message (RFC 9113, 8.1.1): its stream is reset. */
        MALFORMED,
        /** More than is taken; the table is in step all the same. */
        TOO_LARGE,
        /** The compression is broken, and with it everything that follows on this connection: it has been told. */
        UNDECODABLE
    }

    private enum Kind {
        REQUEST,
        ANSWER,
        TRAILERS,
        SKIPPED
    }

    private final Sink sink = new Sink();
    private final HeadLimits limits;
    private final DefaultHttp2HeadersDecoder hpack;

    private final Consumer<String> whenUndecodable;
    private Kind kind = Kind.SKIPPED;
    private Head head = new Head();
    private boolean fieldsBegun;
    private boolean tooMany;
    private String error = "";
    private @Nullable AsciiString method;
    private @Nullable AsciiString scheme;
    private @Nullable AsciiString authority;
    private @Nullable AsciiString path;
    private @Nullable AsciiString status;

    /** @param whenUndecodable told what is wrong where the outcome is {@link Outcome#UNDECODABLE} */
    FieldBlockReader(HeadLimits limits, Consumer<String> whenUndecodable) {
        this.limits = limits;
        this.whenUndecodable = whenUndecodable;
        this.hpack = new DefaultHttp2HeadersDecoder(false, limits.bytes()) {
            @Override
            protected Http2Headers newHeaders() {
                return sink;
            }
        };
    }

    Outcome readRequest(ByteBuf block, Head into) {
        return read(Kind.REQUEST, block, into);
    }

    Outcome readAnswer(ByteBuf block, Head into) {
        return read(Kind.ANSWER, block, into);
    }

    Outcome readTrailers(ByteBuf block, Head into) {
        return read(Kind.TRAILERS, block, into);
    }

    /** Of a message that nobody wants: only the table is kept in step; false if that cannot be done. */
    boolean skip(ByteBuf block) {
        return read(Kind.SKIPPED, block, head) != Outcome.UNDECODABLE;
    }

    /** What is wrong with the last one that was malformed, in a sentence. */
    String error() {
        return error;
    }

    /** What was too much of the last one. */
    MessageError tooLarge() {
        return tooMany ? limits.tooManyFields() : limits.tooLarge();
    }

    private Outcome read(Kind kind, ByteBuf block, Head into) {
        this.kind = kind;
        head = into;
        fieldsBegun = kind == Kind.TRAILERS;
        tooMany = false;
        error = "";
        method = null;
        scheme = null;
        authority = null;
        path = null;
        status = null;
        try {
            hpack.decodeHeaders(1, block);
        } catch (Http2Exception.HeaderListSizeException e) {
            return Outcome.TOO_LARGE;
        } catch (Http2Exception e) {
            whenUndecodable.accept("the compressed header fields cannot be read");
            return Outcome.UNDECODABLE;
        }
        if (kind == Kind.SKIPPED) {
            return Outcome.READ;
        }
        if (error.isEmpty() && !fieldsBegun) {
            beginFields();
        }
        head.append(CRLF, 0, CRLF.length);
        if (!error.isEmpty()) {
            return Outcome.MALFORMED;
        }
        return tooMany ? Outcome.TOO_LARGE : Outcome.READ;
    }

    private void field(AsciiString name, AsciiString value) {
        if (kind == Kind.SKIPPED || !error.isEmpty() || tooMany) {
            return;
        }
        if (name.isEmpty()) {
            error = "a header field has no name";
        } else if (name.byteAt(0) == ':') {
            pseudoField(name, value);
        } else {
            if (!fieldsBegun) {
                beginFields();
            }
            if (error.isEmpty()) {
                regularField(name, value);
            }
        }
    }

    private void pseudoField(AsciiString name, AsciiString value) {
        if (fieldsBegun) {
            error = kind == Kind.TRAILERS
                    ? "the trailers have a pseudo-header field"
                    : "a pseudo-header field comes after a regular one";
            return;
        }
        boolean request = kind == Kind.REQUEST;
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
            error = "a pseudo-header field is unknown, comes twice or belongs to the other kind of message";
        } else if (!has(value, Ascii.TARGET)) {
            error = "a pseudo-header field has a byte that it may not have";
        }
    }

    /** All pseudo-header fields are known now: they make the first line. */
    private void beginFields() {
        fieldsBegun = true;
        if (kind == Kind.ANSWER) {
            statusLine();
        } else {
            requestLine();
        }
    }

    private void requestLine() {
        AsciiString verb = method;
        AsciiString target = path;
        if (verb == null || verb.isEmpty() || !has(verb, Ascii.TOKEN)) {
            error = "the method is missing or malformed";
            return;
        }
        if (verb.contentEquals("CONNECT")) {
            // Refused by the rules that HTTP/1 shares; it has an authority and nothing else (RFC 9113, 8.5).
            target = target == null ? authority : target;
        } else if (scheme == null || !(is(scheme, HTTP) || is(scheme, HTTPS))) {
            error = "the scheme is missing or neither http nor https";
            return;
        }
        if (target == null || target.isEmpty()) {
            error = "the path is missing or empty";
            return;
        }
        boolean asterisk = target.contentEquals("*") && verb.contentEquals("OPTIONS");
        if (target.byteAt(0) != '/' && !asterisk && !verb.contentEquals("CONNECT")) {
            error = "the path does not begin with a slash";
            return;
        }
        append(verb);
        append(SPACE);
        int targetStart = head.length();
        append(target);
        head.requestLine(targetStart - 1, targetStart, head.length(), false);
        append(REQUEST_VERSION);
        if (authority != null) {
            addField(HOST, 0, HOST.length, authority, false);
        }
    }

    private void statusLine() {
        AsciiString digits = status;
        int code = 0;
        for (int i = 0; digits != null && i < digits.length(); i++) {
            byte b = digits.byteAt(i);
            code = b >= '0' && b <= '9' && i < 3 ? code * 10 + b - '0' : Integer.MIN_VALUE;
        }
        if (code < 100 || code > 599 || code == 101) {
            error = "the status is not three digits from 100 to 599, or is 101 (RFC 9113, 8.6)";
            return;
        }
        append(STATUS_VERSION);
        append(Ascii.bytes(code + " "));
        int reason = head.length();
        append(Ascii.bytes(HttpResponseStatus.valueOf(code).reasonPhrase()));
        head.statusLine(code, reason, head.length(), false);
        append(CRLF);
    }

    private void regularField(AsciiString name, AsciiString value) {
        boolean underscored = false;
        for (int i = 0; i < name.length(); i++) {
            byte b = name.byteAt(i);
            int classes = Ascii.classOf(b);
            if ((classes & Ascii.TOKEN) == 0 || (b >= 'A' && b <= 'Z')) {
                error = "a header field's name has a byte that none may have, or an upper-case letter";
                return;
            }
            underscored |= (classes & Ascii.UNDERSCORE) != 0;
        }
        if (!has(value, Ascii.VALUE) || hasSpaceAround(value)) {
            error = "a header field's value has a control byte, or white space around it";
            return;
        }
        if (head.count() == limits.fields()) {
            tooMany = true;
            return;
        }
        byte[] bytes = name.array();
        int start = name.arrayOffset();
        int end = start + name.length();
        judge(Field.of(bytes, start, end), value);
        boolean repeatsAuthority = authority != null && Field.of(bytes, start, end) == Field.HOST;
        if (error.isEmpty() && !repeatsAuthority) {
            addField(bytes, start, end, value, underscored);
        }
    }

    /** Fields of a connection, which HTTP/2 has other means for (RFC 9113, 8.2.2), and two names for one host (8.3.1). */
    private void judge(Field field, AsciiString value) {
        switch (field) {
            case CONNECTION, KEEP_ALIVE, PROXY_CONNECTION, TRANSFER_ENCODING, UPGRADE ->
                error = "a header field belongs to connections of HTTP/1 only";
            case TE -> {
                if (!is(value, TRAILERS)) {
                    error = "TE has another value than trailers";
                }
            }
            case HOST -> {
                if (kind == Kind.TRAILERS) {
                    error = "a trailer field would change how the message is read";
                } else if (authority != null && !authority.contentEqualsIgnoreCase(value)) {
                    error = "Host names another host than :authority";
                }
            }
            case CONTENT_LENGTH -> {
                if (kind == Kind.TRAILERS) {
                    error = "a trailer field would change how the message is read";
                }
            }
            default -> {}
        }
    }

    private void addField(byte[] name, int nameFrom, int nameTo, AsciiString value, boolean underscored) {
        int nameStart = head.length();
        head.append(name, nameFrom, nameTo - nameFrom);
        int nameEnd = head.length();
        append(COLON);
        int valueStart = head.length();
        append(value);
        head.addField(nameStart, nameEnd, valueStart, head.length(), underscored);
        append(CRLF);
    }

    private void append(AsciiString text) {
        head.append(text.array(), text.arrayOffset(), text.length());
    }

    private void append(byte[] bytes) {
        head.append(bytes, 0, bytes.length);
    }

    private static boolean has(AsciiString text, int byteClass) {
        for (int i = 0; i < text.length(); i++) {
            if ((Ascii.classOf(text.byteAt(i)) & byteClass) == 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasSpaceAround(AsciiString value) {
        return !value.isEmpty() && (isSpace(value.byteAt(0)) || isSpace(value.byteAt(value.length() - 1)));
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t';
    }

    private static boolean is(AsciiString text, byte[] lowerCase) {
        int start = text.arrayOffset();
        return Ascii.equalsIgnoreCase(text.array(), start, start + text.length(), lowerCase);
    }

    /** Where Netty's decoder puts the fields, one after another; keeps none. */
    private final class Sink extends DefaultHttp2Headers {
        Sink() {
            super(false, 2);
        }

        @Override
        public Http2Headers add(CharSequence name, CharSequence value) {
            field(AsciiString.of(name), AsciiString.of(value));
            return this;
        }
    }
}
