package dev.banyan.dataplane.wire.http2;

import dev.banyan.dataplane.message.Ascii;
import dev.banyan.dataplane.message.Field;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.HeadLimits;
import dev.banyan.dataplane.message.MessageError;
import io.netty.buffer.ByteBuf;
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
    private static final byte[] HOST = Ascii.bytes("Host");

    /** What came of a block. */
    enum Result {
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

    private final PseudoFields pseudo = new PseudoFields();
    private final Consumer<String> whenUndecodable;
    private Kind kind = Kind.SKIPPED;
    private Head head = new Head();
    private boolean fieldsBegun;
    private boolean tooMany;
    private String error = "";

    /** @param whenUndecodable told what is wrong where the outcome is {@link Result#UNDECODABLE} */
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

    Result readRequest(ByteBuf block, Head into) {
        return read(Kind.REQUEST, block, into);
    }

    Result readAnswer(ByteBuf block, Head into) {
        return read(Kind.ANSWER, block, into);
    }

    Result readTrailers(ByteBuf block, Head into) {
        return read(Kind.TRAILERS, block, into);
    }

    /** Of a message that nobody wants: only the table is kept in step; false if that cannot be done. */
    boolean skip(ByteBuf block) {
        return read(Kind.SKIPPED, block, head) != Result.UNDECODABLE;
    }

    /** What is wrong with the last one that was malformed, in a sentence. */
    String error() {
        return error;
    }

    /** What was too much of the last one. */
    MessageError tooLarge() {
        return tooMany ? limits.tooManyFields() : limits.tooLarge();
    }

    private Result read(Kind kind, ByteBuf block, Head into) {
        this.kind = kind;
        head = into;
        fieldsBegun = kind == Kind.TRAILERS;
        tooMany = false;
        error = "";
        pseudo.clear();
        try {
            hpack.decodeHeaders(1, block);
        } catch (Http2Exception.HeaderListSizeException e) {
            return Result.TOO_LARGE;
        } catch (Http2Exception e) {
            whenUndecodable.accept("the compressed header fields cannot be read");
            return Result.UNDECODABLE;
        }
        if (kind == Kind.SKIPPED) {
            return Result.READ;
        }
        if (error.isEmpty() && !fieldsBegun) {
            beginFields();
        }
        head.append(CRLF, 0, CRLF.length);
        if (!error.isEmpty()) {
            return Result.MALFORMED;
        }
        return tooMany ? Result.TOO_LARGE : Result.READ;
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
        note(pseudo.add(kind == Kind.REQUEST, name, value));
    }

    /** All pseudo-header fields are known now: they make the first line. */
    private void beginFields() {
        fieldsBegun = true;
        note(kind == Kind.ANSWER ? pseudo.statusLine(head) : pseudo.requestLine(head));
        AsciiString authority = pseudo.authority();
        if (error.isEmpty() && authority != null) {
            addField(HOST, 0, HOST.length, authority, false);
        }
    }

    private void regularField(AsciiString name, AsciiString value) {
        if (!FieldRules.isName(name)) {
            error = "a header field's name has a byte that none may have, or an upper-case letter";
            return;
        }
        if (!FieldRules.isValue(value)) {
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
        Field field = Field.of(bytes, start, end);
        AsciiString authority = pseudo.authority();
        note(FieldRules.wrong(field, value, authority, kind == Kind.TRAILERS));
        boolean repeatsAuthority = authority != null && field == Field.HOST;
        if (error.isEmpty() && !repeatsAuthority) {
            addField(bytes, start, end, value, FieldRules.hasUnderscore(name));
        }
    }

    private void note(@Nullable String wrong) {
        error = wrong == null ? error : wrong;
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
