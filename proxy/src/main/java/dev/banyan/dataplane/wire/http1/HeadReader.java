package dev.banyan.dataplane.wire.http1;

import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.HeadLimits;
import dev.banyan.dataplane.message.MessageError;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Reads one head after another off a connection, each byte once. Framing and meaning are judged by the rules after it. */
final class HeadReader {
    /** How much is taken over at a time: heads are mostly shorter, and what is a body must not be copied for nothing. */
    private static final int STEP_BYTES = 2048;

    /** As many as no honest client sends; each is moved over. */
    private static final int MAX_EMPTY_LINES = 8;

    private final StartLine startLine;
    private final Head head = new Head();
    private final HeadLimits limits;
    private final FieldLines fieldLines;
    private int searched;
    private boolean startLineRead;
    private int emptyLines;
    private @Nullable MessageError error;

    HeadReader(StartLine startLine, HeadLimits limits) {
        this.startLine = startLine;
        this.limits = limits;
        this.fieldLines = new FieldLines(limits);
    }

    Head head() {
        return head;
    }

    /** Whether any byte of a message has come. */
    boolean begun() {
        return head.length() > 0;
    }

    MessageError error() {
        return error == null ? MessageError.bad("bad-message", "the message cannot be read") : error;
    }

    /** Makes ready for the next message. */
    void clear() {
        head.clear();
        searched = 0;
        startLineRead = false;
        emptyLines = 0;
        error = null;
    }

    /** Takes what belongs to the head from {@code in} and leaves the rest. */
    FieldLines.Progress read(ByteBuf in) {
        while (in.isReadable()) {
            int before = head.length();
            head.append(in, Math.min(in.readableBytes(), STEP_BYTES));
            FieldLines.Progress progress = lines(before);
            if (progress == FieldLines.Progress.DONE) {
                int end = fieldLines.end();
                in.readerIndex(in.readerIndex() - (head.length() - end));
                head.truncate(end);
                if (end > limits.bytes()) {
                    return tooLarge();
                }
                return progress;
            }
            if (progress == FieldLines.Progress.BAD) {
                return progress;
            }
            if (head.length() > limits.bytes()) {
                return tooLarge();
            }
        }
        return FieldLines.Progress.MORE;
    }

    private FieldLines.Progress lines(int from) {
        if (!startLineRead) {
            FieldLines.Progress progress = startLine(from);
            if (progress != FieldLines.Progress.DONE) {
                return progress;
            }
        } else if (!hasLineEnd(from)) {
            // A line that drips in byte by byte is not read again from its start for each.
            return FieldLines.Progress.MORE;
        }
        FieldLines.Progress progress = fieldLines.read(head);
        error = fieldLines.error();
        return progress;
    }

    private boolean hasLineEnd(int from) {
        byte[] bytes = head.bytes();
        for (int i = from; i < head.length(); i++) {
            if (bytes[i] == '\n') {
                return true;
            }
        }
        return false;
    }

    private FieldLines.Progress startLine(int from) {
        byte[] bytes = head.bytes();
        int lineEnd = Math.max(from, searched);
        while (lineEnd < head.length() && bytes[lineEnd] != '\n') {
            lineEnd++;
        }
        searched = lineEnd;
        if (lineEnd == head.length()) {
            return FieldLines.Progress.MORE;
        }
        if (lineEnd == 0 || bytes[lineEnd - 1] != '\r') {
            error = MessageError.bad("bad-line-end", "the start line ends with LF alone (expected: CR LF)");
            return FieldLines.Progress.BAD;
        }
        if (lineEnd == 1 && startLine == StartLine.REQUEST && emptyLines < MAX_EMPTY_LINES) {
            return withoutEmptyLine();
        }
        error = startLine.read(head, lineEnd - 1);
        if (error != null) {
            return FieldLines.Progress.BAD;
        }
        startLineRead = true;
        fieldLines.startAt(lineEnd + 1);
        return FieldLines.Progress.DONE;
    }

    /** An empty line before a request is the tail of a sloppy client's last body (RFC 9112, 2.2). */
    private FieldLines.Progress withoutEmptyLine() {
        emptyLines++;
        byte[] bytes = head.bytes();
        int rest = head.length() - 2;
        System.arraycopy(bytes, 2, bytes, 0, rest);
        head.truncate(rest);
        searched = 0;
        return startLine(0);
    }

    private FieldLines.Progress tooLarge() {
        error = limits.tooLarge();
        return FieldLines.Progress.BAD;
    }
}
