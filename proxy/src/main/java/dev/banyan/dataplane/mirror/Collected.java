package dev.banyan.dataplane.mirror;

import dev.banyan.contract.SeenAnswer;
import dev.banyan.contract.SeenAnswer.HeaderField;
import dev.banyan.dataplane.message.Head;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An answer as far as it is looked at, piece by piece. Copies what it keeps. */
final class Collected {
    /** Why an answer is not all there is: more came than is looked at. */
    static final String TRUNCATED = "truncated";

    private final int maxBytes;
    private List<HeaderField> fields = List.of();
    private int status;
    private byte[] body = new byte[0];
    private int length;
    private boolean tooLarge;
    private boolean ended;

    Collected(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    void head(Head head) {
        status = head.status();
        List<HeaderField> lines = new ArrayList<>(head.count());
        for (int i = 0; i < head.count(); i++) {
            lines.add(new HeaderField(head.name(i), head.value(i)));
        }
        fields = lines;
    }

    /** Takes a piece that goes by; what is too much is noticed. */
    void see(ByteBuf view) {
        tooLarge = tooLarge || !add(view);
    }

    boolean isTooLarge() {
        return tooLarge;
    }

    /** All of it has gone by. */
    void end() {
        ended = true;
    }

    boolean hasEnded() {
        return ended;
    }

    int status() {
        return status;
    }

    /** False if it is more than is looked at; then it is not kept. */
    boolean add(ByteBuf data) {
        int more = data.readableBytes();
        if (length + more > maxBytes) {
            return false;
        }
        if (length + more > body.length) {
            body = Arrays.copyOf(body, Math.min(maxBytes, Math.max(2 * body.length, length + more)));
        }
        data.getBytes(data.readerIndex(), body, length, more);
        length += more;
        return true;
    }

    int length() {
        return length;
    }

    byte[] bytes() {
        return Arrays.copyOf(body, length);
    }

    SeenAnswer whole(long tookNanos) {
        return new SeenAnswer(status, fields, bytes(), "", tookNanos);
    }

    SeenAnswer cutShort(long tookNanos) {
        return new SeenAnswer(status, fields, bytes(), TRUNCATED, tookNanos);
    }
}
