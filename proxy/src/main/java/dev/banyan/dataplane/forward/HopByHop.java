package dev.banyan.dataplane.forward;

import dev.banyan.dataplane.message.Ascii;
import dev.banyan.dataplane.message.Field;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.ListedNames;
import dev.banyan.dataplane.message.OutgoingHead;

/** Fields that hold for one connection only, and those that a Connection field names (RFC 9110, 7.6.1). */
final class HopByHop {
    private static final byte[] BANYAN = Ascii.bytes("x-banyan-");

    private static final byte[] KEEP_ALIVE = Ascii.bytes("keep-alive");

    private HopByHop() {}

    static boolean is(Field field) {
        return switch (field) {
            case CONNECTION, KEEP_ALIVE, PROXY_CONNECTION, TE, TRANSFER_ENCODING, UPGRADE, HTTP2_SETTINGS -> true;
            default -> false;
        };
    }

    /** Banyan's own names mean something, so nobody else may send them. */
    static boolean isBanyans(Head head, int i) {
        return head.field(i) == Field.OTHER && head.nameStartsWith(i, BANYAN);
    }

    /**
     * Drops what Connection fields name. What Banyan sets itself is added after, so it cannot be named away (Traefik
     * CVE-2024-45410); what has decided where the request goes stays whoever names it.
     */
    static void dropNominated(Head head, OutgoingHead out) {
        for (int c = head.indexOf(Field.CONNECTION, 0); c >= 0; c = head.indexOf(Field.CONNECTION, c + 1)) {
            // Keep-Alive is dropped in any case, and nearly every server names nothing else.
            if (!head.valueIs(c, KEEP_ALIVE)) {
                ListedNames.each(head, c, (start, end) -> drop(head, out, start, end));
            }
        }
    }

    private static void drop(Head head, OutgoingHead out, int start, int end) {
        byte[] bytes = head.bytes();
        for (int i = 0; i < head.count(); i++) {
            if (head.nameEnd(i) - head.nameStart(i) == end - start
                    && !decides(head.field(i))
                    && sameIgnoringCase(bytes, head.nameStart(i), start, end - start)) {
                out.drop(i);
            }
        }
    }

    /** Without these an upstream could read another request than the one that was decided on. */
    private static boolean decides(Field field) {
        return field == Field.HOST || field == Field.CONTENT_TYPE || field == Field.X_HTTP_METHOD_OVERRIDE;
    }

    private static boolean sameIgnoringCase(byte[] bytes, int one, int other, int length) {
        for (int i = 0; i < length; i++) {
            if (Character.toLowerCase(bytes[one + i]) != Character.toLowerCase(bytes[other + i])) {
                return false;
            }
        }
        return true;
    }
}
