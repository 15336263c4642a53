package dev.banyan.dataplane.message.rules;

import dev.banyan.dataplane.message.Framing;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.MessageError;
import org.jspecify.annotations.Nullable;

/** What an answer's head must hold before a client sees any of it: as strict as for requests (RFC 9112, 6.3). */
public final class AnswerRules {
    /** Nothing slows interim answers down where a client does not read, so an upstream that never ends them would fill the memory. */
    private static final int MAX_INTERIM_ANSWERS = 100;

    private AnswerRules() {}

    /**
     * What is wrong with one more interim answer to the same request; null: nothing.
     *
     * @param soFar with this one
     */
    public static @Nullable MessageError interim(int soFar) {
        return soFar <= MAX_INTERIM_ANSWERS
                ? null
                : MessageError.bad(
                        "too-many-interim-answers",
                        "more than " + MAX_INTERIM_ANSWERS + " interim answers to one request");
    }

    /**
     * Fills in framing and persistence; null if the answer may go on.
     *
     * @param toHead the request was HEAD, so no body follows whatever the head says
     */
    public static @Nullable MessageError apply(Head head, boolean toHead) {
        MessageError error = BodyFraming.read(head, Framing.UNTIL_CLOSE);
        if (error != null) {
            return error;
        }
        boolean announcesBody = head.framing() == Framing.CHUNKED || head.contentLength() > 0;
        if (head.status() < 200 && announcesBody) {
            return MessageError.bad("interim-with-body", "an interim answer announces a body, which none may have");
        }
        boolean bodiless = head.status() < 200 || head.status() == 204 || head.status() == 304;
        boolean persistent = Persistence.of(head);
        if (bodiless || toHead) {
            // A 204 that announces a body may be followed by one, which must not be taken for the next answer.
            persistent &= !(head.status() == 204 && announcesBody);
            head.framed(Framing.NONE, head.contentLength());
        } else {
            persistent &= head.framing() != Framing.UNTIL_CLOSE;
        }
        head.persistent(persistent);
        return null;
    }
}
