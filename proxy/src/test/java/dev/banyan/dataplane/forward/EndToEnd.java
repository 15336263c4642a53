package dev.banyan.dataplane.forward;

import dev.banyan.dataplane.message.Field;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.OutgoingHead;

/** The fields that go on because of what they are, and not of whose request it is; for tests without an exchange. */
public final class EndToEnd {
    private EndToEnd() {}

    /** The request as an upstream would get it under that path. */
    public static OutgoingHead request(Head head, String path) {
        return withoutThoseOfTheConnection(head, OutgoingHead.request(head.method(), path, head));
    }

    public static OutgoingHead answer(Head head) {
        return withoutThoseOfTheConnection(head, OutgoingHead.answer(head));
    }

    private static OutgoingHead withoutThoseOfTheConnection(Head head, OutgoingHead out) {
        for (int i = 0; i < head.count(); i++) {
            if (head.field(i) == Field.CONTENT_LENGTH || HopByHop.is(head.field(i)) || HopByHop.isBanyans(head, i)) {
                out.drop(i);
            }
        }
        HopByHop.dropNominated(head, out);
        out.framed(head.framing(), head.contentLength());
        return out;
    }
}
