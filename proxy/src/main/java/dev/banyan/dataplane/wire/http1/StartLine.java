package dev.banyan.dataplane.wire.http1;

import dev.banyan.dataplane.message.Ascii;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.MessageError;
import org.jspecify.annotations.Nullable;

/** The first line of a message: how it is read into a head, and what is refused. */
enum StartLine {
    REQUEST {
        @Override
        @Nullable
        MessageError read(Head head, int end) {
            byte[] bytes = head.bytes();
            int methodEnd = 0;
            while (methodEnd < end && (Ascii.classOf(bytes[methodEnd]) & Ascii.TOKEN) != 0) {
                methodEnd++;
            }
            if (methodEnd == 0 || methodEnd == end || bytes[methodEnd] != ' ') {
                return MessageError.bad("bad-method", "the request line does not begin with a method and one space");
            }
            int targetStart = methodEnd + 1;
            int targetEnd = targetStart;
            while (targetEnd < end && (Ascii.classOf(bytes[targetEnd]) & Ascii.TARGET) != 0) {
                targetEnd++;
            }
            int firstHigh = targetEnd;
            while (targetEnd < end && (Ascii.classOf(bytes[targetEnd]) & (Ascii.TARGET | Ascii.HIGH)) != 0) {
                targetEnd++;
            }
            if (targetEnd == targetStart || targetEnd == end || bytes[targetEnd] != ' ') {
                return MessageError.bad(
                        "bad-target",
                        "the request target is empty or has a byte that no target may have (percent-encode it)");
            }
            int version = version(bytes, targetEnd + 1, end);
            if (version < 0) {
                return BAD_VERSION;
            }
            if (version != 10 && version != 11) {
                return UNKNOWN_VERSION;
            }
            head.requestLine(methodEnd, targetStart, targetEnd, version == 10);
            head.highBytesInTarget(targetEnd > firstHigh);
            return null;
        }
    },
    STATUS {
        @Override
        @Nullable
        MessageError read(Head head, int end) {
            byte[] bytes = head.bytes();
            int version = end < VERSION_LENGTH ? -1 : version(bytes, 0, VERSION_LENGTH);
            if (version != 10 && version != 11) {
                return BAD_VERSION;
            }
            int status = VERSION_LENGTH + 1;
            if (end < status + 3 || bytes[VERSION_LENGTH] != ' ') {
                return BAD_STATUS;
            }
            int code = 0;
            for (int i = status; i < status + 3; i++) {
                if (bytes[i] < '0' || bytes[i] > '9') {
                    return BAD_STATUS;
                }
                code = code * 10 + bytes[i] - '0';
            }
            if (code < 100 || code > 599) {
                return BAD_STATUS;
            }
            // The space before an empty reason is often left out; nothing can be read in two ways there.
            int reason = status + 3;
            if (reason < end && bytes[reason++] != ' ') {
                return BAD_STATUS;
            }
            for (int i = reason; i < end; i++) {
                if ((Ascii.classOf(bytes[i]) & Ascii.VALUE) == 0) {
                    return BAD_STATUS;
                }
            }
            head.statusLine(code, reason, end, version == 10);
            return null;
        }
    };

    private static final int VERSION_LENGTH = 8;
    private static final MessageError BAD_VERSION =
            MessageError.bad("bad-version", "the start line does not end with a version (expected: HTTP/1.1)");
    private static final MessageError UNKNOWN_VERSION =
            new MessageError(505, "unknown-version", "this version of HTTP is not spoken here (expected: HTTP/1.1)");
    private static final MessageError BAD_STATUS =
            MessageError.bad("bad-status", "the status is not three digits from 100 to 599");

    /** Reads the line that stands in the head's bytes from 0 to {@code end}; null if all is well. */
    abstract @Nullable MessageError read(Head head, int end);

    /** Ten times the version, so 11 for HTTP/1.1; -1 if it is none (RFC 9112, 2.3). */
    private static int version(byte[] bytes, int start, int end) {
        if (end - start != VERSION_LENGTH
                || bytes[start] != 'H'
                || bytes[start + 1] != 'T'
                || bytes[start + 2] != 'T'
                || bytes[start + 3] != 'P'
                || bytes[start + 4] != '/'
                || bytes[start + 6] != '.') {
            return -1;
        }
        int major = bytes[start + 5] - '0';
        int minor = bytes[start + 7] - '0';
        return major < 0 || major > 9 || minor < 0 || minor > 9 ? -1 : major * 10 + minor;
    }
}
