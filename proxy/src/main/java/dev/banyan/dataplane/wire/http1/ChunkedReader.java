package dev.banyan.dataplane.wire.http1;

import dev.banyan.dataplane.message.Ascii;
import dev.banyan.dataplane.message.Field;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.HeadLimits;
import dev.banyan.dataplane.message.MessageError;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The chunked coding (RFC 9112, 7.1), read strictly. Extensions are checked and dropped; they are hop by hop, and nobody has ever
 * needed one but smugglers.
 */
final class ChunkedReader {
    private static final long MAX_SIZE = Long.MAX_VALUE >> 4;
    private static final int MAX_LINE_BYTES = 1024;
    private static final int MAX_TRAILER_BYTES = 16 * 1024;

    private enum State {
        SIZE,
        DATA,
        DATA_END,
        TRAILERS,
        COMPLETE,
        BAD
    }

    private final ChunkExtensions extensions = new ChunkExtensions();
    private final FieldLines fieldLines = new FieldLines(HeadLimits.OF_ANSWERS);
    private @Nullable Head trailers;
    private State state = State.SIZE;
    private long remaining;
    private int digits;
    private int lineBytes;
    private boolean carriageReturn;
    private @Nullable MessageError error;

    void begin() {
        startSize();
        error = null;
        if (trailers != null) {
            trailers.clear();
        }
    }

    boolean complete() {
        return state == State.COMPLETE;
    }

    @Nullable
    MessageError error() {
        return error;
    }

    @Nullable
    Head trailers() {
        return trailers == null || trailers.count() == 0 ? null : trailers;
    }

    /** The next data, with a reference of its own; null if more must come, or it is complete, or it is bad. */
    @Nullable
    ByteBuf read(ByteBuf in) {
        while (in.isReadable()) {
            switch (state) {
                case SIZE -> size(in);
                case DATA -> {
                    int n = (int) Math.min(in.readableBytes(), remaining);
                    remaining -= n;
                    if (remaining == 0) {
                        state = State.DATA_END;
                    }
                    return in.readRetainedSlice(n);
                }
                case DATA_END -> dataEnd(in.readByte());
                case TRAILERS -> trailers(in);
                case COMPLETE, BAD -> {
                    return null;
                }
            }
        }
        return null;
    }

    private void startSize() {
        state = State.SIZE;
        remaining = 0;
        digits = 0;
        lineBytes = 0;
        carriageReturn = false;
        extensions.begin();
    }

    private void size(ByteBuf in) {
        while (in.isReadable() && state == State.SIZE) {
            byte b = in.readByte();
            if (++lineBytes > MAX_LINE_BYTES) {
                bad("bad-chunk", "a chunk's first line is longer than " + MAX_LINE_BYTES + " bytes");
            } else if (carriageReturn) {
                endOfSizeLine(b);
            } else if (b == '\r') {
                carriageReturn = true;
            } else {
                sizeByte(b);
            }
        }
    }

    private void sizeByte(byte b) {
        if (extensions.begun() || (digits > 0 && Ascii.hex(b) < 0)) {
            if (!extensions.accepts(b)) {
                bad("bad-chunk", "a chunk's size or extension is malformed (RFC 9112, 7.1)");
            }
            return;
        }
        int digit = Ascii.hex(b);
        if (digit < 0 || remaining > MAX_SIZE) {
            bad("bad-chunk", "a chunk's size is not a hexadecimal number under 2^63");
            return;
        }
        digits++;
        remaining = remaining << 4 | digit;
    }

    private void endOfSizeLine(byte b) {
        if (b != '\n' || digits == 0 || !extensions.mayEnd()) {
            bad("bad-chunk", "a chunk's first line is malformed or does not end with CR LF");
            return;
        }
        if (remaining > 0) {
            state = State.DATA;
            carriageReturn = false;
            return;
        }
        state = State.TRAILERS;
        if (trailers == null) {
            trailers = new Head();
        }
        trailers.clear();
        fieldLines.startAt(0);
    }

    private void dataEnd(byte b) {
        if (!carriageReturn && b == '\r') {
            carriageReturn = true;
        } else if (carriageReturn && b == '\n') {
            startSize();
        } else {
            bad("bad-chunk", "a chunk's data is not followed by CR LF, so it is longer or shorter than its size says");
        }
    }

    private void trailers(ByteBuf in) {
        Head fields = trailers;
        if (fields == null) {
            return;
        }
        int n = Math.min(in.readableBytes(), MAX_TRAILER_BYTES + 1);
        fields.append(in, n);
        switch (fieldLines.read(fields)) {
            case DONE -> {
                int end = fieldLines.end();
                in.readerIndex(in.readerIndex() - (fields.length() - end));
                fields.truncate(end);
                state = State.COMPLETE;
                if (framingAmong(fields)) {
                    bad("bad-trailer", "a trailer field would change how the message is read (RFC 9110, 6.5.1)");
                }
            }
            case BAD -> {
                state = State.BAD;
                error = fieldLines.error();
            }
            case MORE -> {
                if (fields.length() > MAX_TRAILER_BYTES) {
                    bad("trailers-too-large", "the trailers are larger than " + MAX_TRAILER_BYTES + " bytes");
                }
            }
        }
    }

    private static boolean framingAmong(Head fields) {
        return fields.indexOf(Field.CONTENT_LENGTH, 0) >= 0
                || fields.indexOf(Field.TRANSFER_ENCODING, 0) >= 0
                || fields.indexOf(Field.HOST, 0) >= 0;
    }

    private void bad(String reason, String detail) {
        state = State.BAD;
        error = MessageError.bad(reason, detail);
    }
}
