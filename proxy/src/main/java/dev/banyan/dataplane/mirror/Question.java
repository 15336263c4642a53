package dev.banyan.dataplane.mirror;

import dev.banyan.dataplane.message.OutgoingHead;
import java.util.function.Function;

/**
 * What a side is asked by Banyan itself.
 *
 * @param request of a client, for whose sake it is asked
 * @param gentle it is not asked for a while after 423 or 429: it has answered a client like this, or might count it against one
 * @param safe it changes nothing
 * @param head what is sent, by the authority of the endpoint that is asked; framed for {@code body}
 * @param maxBytes of the answer's body that are looked at
 */
@SuppressWarnings("ArrayRecordComponent") // bytes on their way to be sent, never compared
record Question(
        KeptRequest request,
        boolean gentle,
        boolean safe,
        Function<String, OutgoingHead> head,
        byte[] body,
        int maxBytes) {
    private static final byte[] NO_BODY = new byte[0];

    /** One of Banyan's own making, that no client has asked so. */
    static Question own(KeptRequest request, Function<String, OutgoingHead> head, int maxBytes) {
        return new Question(request, true, true, head, NO_BODY, maxBytes);
    }
}
