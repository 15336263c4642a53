package dev.banyan.dataplane.wire.http2;

import dev.banyan.dataplane.message.Ascii;
import dev.banyan.dataplane.message.Field;
import dev.banyan.dataplane.message.FieldLine;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.HeadBytes;
import dev.banyan.dataplane.message.ListedNames;
import dev.banyan.dataplane.message.OutgoingHead;
import dev.banyan.dataplane.message.rules.ForwardableTrailers;
import org.jspecify.annotations.Nullable;

/**
 * Writes heads as blocks of header fields (RFC 7541). Of the tables only the static one is used, as nginx does: a dynamic one would
 * be memory that every client can claim, and a secret beside an attacker's text in it can be guessed by its length (RFC 7541, 7.1).
 */
final class FieldBlockWriter {
    private static final int INDEXED = 0x80;
    private static final int LITERAL = 0x00;
    private static final int LITERAL_NEVER_INDEXED = 0x10;
    private static final int LITERAL_PREFIX_BITS = 4;
    private static final int STRING_PREFIX_BITS = 7;

    /** Tells a decoder once that its dynamic table stays empty (RFC 7541, 4.2). */
    private static final int TABLE_SIZE_ZERO = 0x20;

    private static final int AUTHORITY = 1;
    private static final int METHOD = 2;
    private static final int METHOD_POST = 3;
    private static final int PATH = 4;
    private static final int SCHEME_HTTP = 6;
    private static final int SCHEME_HTTPS = 7;
    private static final int STATUS = 8;
    private static final int CONTENT_LENGTH = 28;
    private static final int[] INDEXED_STATUSES = {200, 204, 206, 304, 400, 404, 500};
    private static final int LONGEST_STATUS = 3;
    private static final byte[] TE = Ascii.bytes("te");
    private static final byte[] TRAILERS = Ascii.bytes("trailers");

    private boolean tableSizeSaid;

    HeadBytes answer(OutgoingHead head) {
        HeadBytes out = begin();
        status(out, head.status());
        fields(out, head);
        return out;
    }

    HeadBytes request(OutgoingHead head, boolean tls) {
        HeadBytes out = begin();
        switch (head.method()) {
            case "GET" -> out.add((char) (INDEXED | METHOD));
            case "POST" -> out.add((char) (INDEXED | METHOD_POST));
            default -> literal(out, LITERAL, METHOD, Ascii.bytes(head.method()));
        }
        out.add((char) (INDEXED | (tls ? SCHEME_HTTPS : SCHEME_HTTP)));
        path(out, head);
        authority(out, head);
        fields(out, head);
        trailersWelcome(out, head.source());
        return out;
    }

    /** TE is about one connection, but trailers pass through us; gRPC's servers insist on it (RFC 9113, 8.2.2). */
    private static void trailersWelcome(HeadBytes out, @Nullable Head source) {
        int te = source == null ? -1 : source.indexOf(Field.TE, 0);
        if (source != null && te >= 0 && ListedNames.contains(source, te, TRAILERS)) {
            number(out, LITERAL, LITERAL_PREFIX_BITS, 0);
            value(out, TE, 0, TE.length);
            value(out, TRAILERS, 0, TRAILERS.length);
        }
    }

    HeadBytes trailers(Head trailers) {
        HeadBytes out = begin();
        for (int i = 0; i < trailers.count(); i++) {
            if (ForwardableTrailers.include(trailers, i)) {
                kept(out, trailers, i);
            }
        }
        return out;
    }

    private HeadBytes begin() {
        HeadBytes out = HeadBytes.begin();
        if (!tableSizeSaid) {
            tableSizeSaid = true;
            out.add((char) TABLE_SIZE_ZERO);
        }
        return out;
    }

    private static void status(HeadBytes out, int status) {
        for (int i = 0; i < INDEXED_STATUSES.length; i++) {
            if (INDEXED_STATUSES[i] == status) {
                out.add((char) (INDEXED | STATUS + i));
                return;
            }
        }
        number(out, LITERAL, LITERAL_PREFIX_BITS, STATUS);
        number(out, 0, STRING_PREFIX_BITS, LONGEST_STATUS);
        out.decimal(status);
    }

    private static void path(HeadBytes out, OutgoingHead head) {
        Head source = head.source();
        int query = source == null ? 0 : source.targetEnd() - source.pathEnd();
        byte[] path = Ascii.bytes(head.path());
        number(out, LITERAL, LITERAL_PREFIX_BITS, PATH);
        number(out, 0, STRING_PREFIX_BITS, path.length + query);
        out.add(path);
        if (source != null) {
            out.add(source.bytes(), source.pathEnd(), query);
        }
    }

    /** Host goes by the name of {@code :authority} (RFC 9113, 8.3.1). */
    private static void authority(HeadBytes out, OutgoingHead head) {
        Head source = head.source();
        int host = source == null ? -1 : source.indexOf(Field.HOST, 0);
        if (source != null && host >= 0 && head.keeps(host)) {
            literal(out, AUTHORITY, source.bytes(), source.valueStart(host), source.valueEnd(host));
            return;
        }
        for (FieldLine line : head.added()) {
            if (isHost(line)) {
                literal(out, LITERAL, AUTHORITY, Ascii.bytes(line.value()));
            }
        }
    }

    private static boolean isHost(FieldLine line) {
        return line.name().equalsIgnoreCase("host");
    }

    private static void fields(HeadBytes out, OutgoingHead head) {
        Head source = head.source();
        for (int i = 0; source != null && i < source.count(); i++) {
            if (head.keeps(i) && source.field(i) != Field.HOST) {
                kept(out, source, i);
            }
        }
        for (FieldLine line : head.added()) {
            if (!isHost(line)) {
                added(out, line);
            }
        }
        if (head.contentLength() >= 0) {
            literal(out, LITERAL, CONTENT_LENGTH, Ascii.bytes(Long.toString(head.contentLength())));
        }
    }

    private static void kept(HeadBytes out, Head source, int i) {
        byte[] bytes = source.bytes();
        name(out, source.field(i), bytes, source.nameStart(i), source.nameEnd(i));
        value(out, bytes, source.valueStart(i), source.valueEnd(i));
    }

    private static void added(HeadBytes out, FieldLine line) {
        byte[] bytes = line.line();
        int nameEnd = line.name().length();
        name(out, Field.of(bytes, 0, nameEnd), bytes, 0, nameEnd);
        // "Name: value CR LF"
        value(out, bytes, nameEnd + 2, bytes.length - 2);
    }

    private static void name(HeadBytes out, Field field, byte[] bytes, int start, int end) {
        int index = StaticNames.indexOf(bytes, start, end);
        number(out, isSecret(field, index) ? LITERAL_NEVER_INDEXED : LITERAL, LITERAL_PREFIX_BITS, index);
        if (index > 0) {
            return;
        }
        number(out, 0, STRING_PREFIX_BITS, end - start);
        for (int i = start; i < end; i++) {
            byte b = bytes[i];
            out.add((char) (b >= 'A' && b <= 'Z' ? b | 0x20 : b));
        }
    }

    /** What nobody on the way may put into a table, where its length could be probed (RFC 7541, 7.1.3). */
    private static boolean isSecret(Field field, int index) {
        int authorization = 23;
        return field == Field.COOKIE || field == Field.SET_COOKIE || index == authorization;
    }

    private static void literal(HeadBytes out, int kind, int index, byte[] value) {
        number(out, kind, LITERAL_PREFIX_BITS, index);
        value(out, value, 0, value.length);
    }

    private static void literal(HeadBytes out, int index, byte[] bytes, int start, int end) {
        number(out, LITERAL, LITERAL_PREFIX_BITS, index);
        value(out, bytes, start, end);
    }

    private static void value(HeadBytes out, byte[] bytes, int start, int end) {
        number(out, 0, STRING_PREFIX_BITS, end - start);
        out.add(bytes, start, end - start);
    }

    /** An integer behind the bits of its kind (RFC 7541, 5.1). */
    private static void number(HeadBytes out, int kind, int prefixBits, int number) {
        int most = (1 << prefixBits) - 1;
        if (number < most) {
            out.add((char) (kind | number));
            return;
        }
        out.add((char) (kind | most));
        int rest = number - most;
        while (rest >= 0x80) {
            out.add((char) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.add((char) rest);
    }
}
