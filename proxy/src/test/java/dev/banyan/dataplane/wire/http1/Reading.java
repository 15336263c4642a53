package dev.banyan.dataplane.wire.http1;

import dev.banyan.dataplane.message.Ascii;
import dev.banyan.dataplane.message.Framing;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.HeadLimits;
import dev.banyan.dataplane.message.MessageError;
import dev.banyan.dataplane.message.rules.AnswerRules;
import dev.banyan.dataplane.message.rules.RequestRules;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What our reader makes of the first message in some bytes.
 *
 * @param error the status and reason of a refusal; null if it was read
 * @param startLine method and target, or status and reason
 * @param fields {@code name: value}
 * @param body the data, without its framing
 * @param whole false: more bytes are needed
 * @param used bytes up to where the next message begins
 */
record Reading(
        @Nullable String error,
        String startLine,
        List<String> fields,
        String body,
        List<String> trailers,
        boolean whole,
        int used) {

    private static final Reading UNFINISHED = new Reading(null, "", List.of(), "", List.of(), false, 0);

    /** Reads a request that arrives in pieces which end at those offsets. */
    static Reading request(String bytes, int... cuts) {
        return new Session(StartLine.REQUEST, false).read(bytes, cuts);
    }

    /** Reads an answer that arrives in pieces which end at those offsets. */
    static Reading answer(String bytes, boolean toHead, int... cuts) {
        return new Session(StartLine.STATUS, toHead).read(bytes, cuts);
    }

    private static final class Session {
        private final StartLine startLine;
        private final boolean toHead;
        private final HeadReader heads;
        private final BodyReader bodies = new BodyReader();
        private final StringBuilder body = new StringBuilder();
        private boolean headRead;
        private @Nullable MessageError error;

        Session(StartLine startLine, boolean toHead) {
            this.startLine = startLine;
            this.toHead = toHead;
            this.heads = new HeadReader(startLine, HeadLimits.DEFAULT);
        }

        Reading read(String text, int... cuts) {
            byte[] all = Ascii.bytes(text);
            int from = 0;
            int used = 0;
            for (int i = 0; i <= cuts.length && error == null && !complete(); i++) {
                int to = i < cuts.length ? cuts[i] : all.length;
                // What is left of a piece is offered again with the next, as a connection does.
                ByteBuf in = Unpooled.wrappedBuffer(all, used, to - used);
                take(in);
                used += in.readerIndex();
                in.release();
                from = to;
            }
            return result(used, from == all.length);
        }

        private void take(ByteBuf in) {
            if (!headRead && in.isReadable()) {
                switch (heads.read(in)) {
                    case MORE -> {
                        return;
                    }
                    case BAD -> error = heads.error();
                    case DONE -> headRead();
                }
            }
            while (headRead && error == null && !bodies.complete() && in.isReadable()) {
                ByteBuf data = bodies.read(in);
                if (data != null) {
                    body.append(data.toString(java.nio.charset.StandardCharsets.ISO_8859_1));
                    data.release();
                }
                error = bodies.error();
            }
        }

        private void headRead() {
            Head head = heads.head();
            error = startLine == StartLine.REQUEST ? RequestRules.apply(head) : AnswerRules.apply(head, toHead);
            headRead = error == null;
            if (headRead) {
                bodies.begin(head);
            }
        }

        private boolean complete() {
            return headRead && bodies.complete();
        }

        private Reading result(int used, boolean atEnd) {
            if (error != null) {
                return new Reading(error.status() + " " + error.reason(), "", List.of(), "", List.of(), true, 0);
            }
            boolean untilClose = headRead && heads.head().framing() == Framing.UNTIL_CLOSE;
            if (!complete() && !(untilClose && atEnd)) {
                return UNFINISHED;
            }
            Head head = heads.head();
            Head trailers = bodies.trailers();
            return new Reading(
                    null,
                    startLine(head),
                    fields(head),
                    body.toString(),
                    trailers == null ? List.of() : fields(trailers),
                    true,
                    used);
        }

        private String startLine(Head head) {
            if (startLine == StartLine.STATUS) {
                return head.status() + (head.http10() ? " 1.0" : " 1.1");
            }
            String target = new String(
                    head.bytes(),
                    head.targetStart(),
                    head.targetEnd() - head.targetStart(),
                    java.nio.charset.StandardCharsets.ISO_8859_1);
            return head.method() + " " + target + (head.http10() ? " 1.0" : " 1.1");
        }

        private static List<String> fields(Head head) {
            List<String> fields = new ArrayList<>();
            for (int i = 0; i < head.count(); i++) {
                fields.add(head.name(i) + ": " + head.value(i));
            }
            return fields;
        }
    }
}
