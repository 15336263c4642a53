package dev.banyan.dataplane.forward;

import dev.banyan.dataplane.exchange.Exchange;
import dev.banyan.dataplane.message.Ascii;
import dev.banyan.dataplane.message.Field;
import dev.banyan.dataplane.message.FieldLine;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.OutgoingHead;
import dev.banyan.routing.decide.Decision;

/** Which fields of an upstream's answer the client sees, and what Banyan adds: cookies, Date, privacy of a split route. */
final class AnswerFields {
    private static final byte[] ACCEL = Ascii.bytes("x-accel-");
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private AnswerFields() {}

    static OutgoingHead of(Exchange exchange, Decision decision, Head head) {
        OutgoingHead out = OutgoingHead.answer(head);
        boolean nominating = false;
        for (int i = 0; i < head.count(); i++) {
            Field field = head.field(i);
            nominating |= field == Field.CONNECTION;
            boolean drop = switch (field) {
                case OTHER -> HopByHop.isBanyans(head, i) || head.nameStartsWith(i, ACCEL);
                // Orders to a web server in front of Rails, with paths of its disk in them.
                case CONTENT_LENGTH, PROXY_AUTHENTICATE, X_ACCEL_MAPPING, X_SENDFILE -> true;
                default -> HopByHop.is(field);
            };
            if (drop) {
                out.drop(i);
            }
        }
        if (nominating) {
            HopByHop.dropNominated(head, out);
        }
        out.framed(head.framing(), contentLength(exchange, decision, head));
        if (head.indexOf(Field.DATE, 0) < 0) {
            out.add(exchange.loop().date());
        }
        cookies(decision, head, out);
        return out;
    }

    private static long contentLength(Exchange exchange, Decision decision, Head head) {
        if (head.status() == NO_CONTENT) {
            return -1;
        }
        // Sent as HEAD for a method override, so there is no content; but the client asked by POST, and would wait for
        // it.
        boolean headForAnother = decision.sent().method().equals("HEAD")
                && !exchange.head().method().equals("HEAD");
        return headForAnother && head.status() != NOT_MODIFIED ? 0 : head.contentLength();
    }

    /** A 1xx that passes through: what it says is for the client alone. */
    static OutgoingHead interim(Head head) {
        OutgoingHead out = OutgoingHead.answer(head);
        for (int i = 0; i < head.count(); i++) {
            if (HopByHop.is(head.field(i)) || head.field(i) == Field.CONTENT_LENGTH || HopByHop.isBanyans(head, i)) {
                out.drop(i);
            }
        }
        return out;
    }

    /** A 101 that grants a WebSocket: as of an interim answer, but that it is the last of HTTP, so it brings the cookies too. */
    static OutgoingHead upgraded(Decision decision, Head head) {
        OutgoingHead out = interim(head);
        HopByHop.dropNominated(head, out);
        out.webSocket(true);
        cookies(decision, head, out);
        return out;
    }

    private static void cookies(Decision decision, Head head, OutgoingHead out) {
        if (decision.split()) {
            SharedCaching.makePrivate(head, out);
        }
        if (!decision.setCookies().isEmpty() && !SharedCaching.mayKeep(head)) {
            for (String cookie : decision.setCookies()) {
                out.add(FieldLine.of("Set-Cookie", cookie));
            }
        }
        if (decision.fenceCookie() != null) {
            out.add(FieldLine.of("Set-Cookie", decision.fenceCookie()));
        }
    }
}
