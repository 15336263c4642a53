package dev.banyan.dataplane.wire.http1;

import dev.banyan.dataplane.message.Ascii;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.HeadLimits;
import dev.banyan.dataplane.message.MessageError;
import org.jspecify.annotations.Nullable;

/**
 * The field lines of a head or of trailers (RFC 9112, 5), read strictly and in one scan: no folding, no bare CR or LF, no space
 * before the colon, no control bytes.
 */
final class FieldLines {
    private final HeadLimits limits;
    private int lineStart;
    private @Nullable MessageError error;

    enum Progress {
        MORE,
        DONE,
        BAD
    }

    FieldLines(HeadLimits limits) {
        this.limits = limits;
    }

    void startAt(int position) {
        lineStart = position;
        error = null;
    }

    /** Where the empty line ends, once it is {@link Progress#DONE}. */
    int end() {
        return lineStart;
    }

    @Nullable
    MessageError error() {
        return error;
    }

    Progress read(Head head) {
        byte[] bytes = head.bytes();
        int length = head.length();
        while (true) {
            int i = lineStart;
            if (i >= length) {
                return Progress.MORE;
            }
            if (bytes[i] == '\r') {
                return emptyLine(bytes, length);
            }
            if (bytes[i] == ' ' || bytes[i] == '\t') {
                return bad("folded-field", "a header field continues on the next line (expected: one line a field)");
            }
            int classes = 0;
            int all = Ascii.TOKEN;
            while (i < length && (classes = Ascii.classOf(bytes[i])) != 0 && (classes & Ascii.TOKEN) != 0) {
                all |= classes;
                i++;
            }
            if (i == length) {
                return Progress.MORE;
            }
            if (bytes[i] != ':' || i == lineStart) {
                return bad("bad-field-name", "a header field's name is empty or has a byte that no name may have");
            }
            int nameEnd = i++;
            while (i < length && (bytes[i] == ' ' || bytes[i] == '\t')) {
                i++;
            }
            int valueStart = i;
            while (i < length && (Ascii.classOf(bytes[i]) & Ascii.VALUE) != 0) {
                i++;
            }
            if (i == length || (bytes[i] == '\r' && i + 1 == length)) {
                return Progress.MORE;
            }
            if (bytes[i] != '\r' || bytes[i + 1] != '\n') {
                return bad(
                        "bad-field-value", "a header field's value has a control byte or a line end that is not CR LF");
            }
            int valueEnd = i;
            while (valueEnd > valueStart && (bytes[valueEnd - 1] == ' ' || bytes[valueEnd - 1] == '\t')) {
                valueEnd--;
            }
            if (head.count() == limits.fields()) {
                error = limits.tooManyFields();
                return Progress.BAD;
            }
            head.addField(lineStart, nameEnd, valueStart, valueEnd, (all & Ascii.UNDERSCORE) != 0);
            lineStart = i + 2;
        }
    }

    private Progress emptyLine(byte[] bytes, int length) {
        if (lineStart + 1 >= length) {
            return Progress.MORE;
        }
        if (bytes[lineStart + 1] != '\n') {
            return bad("bad-line-end", "a line ends with CR alone (expected: CR LF)");
        }
        lineStart += 2;
        return Progress.DONE;
    }

    private Progress bad(String reason, String detail) {
        error = MessageError.bad(reason, detail);
        return Progress.BAD;
    }
}
