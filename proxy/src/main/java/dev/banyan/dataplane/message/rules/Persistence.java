package dev.banyan.dataplane.message.rules;

import dev.banyan.dataplane.message.Ascii;
import dev.banyan.dataplane.message.Field;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.ListedNames;

/** Whether a connection stays open after a message (RFC 9112, 9.3). */
final class Persistence {
    private static final byte[] CLOSE = Ascii.bytes("close");
    private static final byte[] KEEP_ALIVE = Ascii.bytes("keep-alive");

    private Persistence() {}

    static boolean of(Head head) {
        int connection = head.indexOf(Field.CONNECTION, 0);
        if (connection < 0) {
            return !head.http10();
        }
        if (head.valueIs(connection, KEEP_ALIVE) && head.indexOf(Field.CONNECTION, connection + 1) < 0) {
            return true; // what nearly every server says
        }
        if (ListedNames.contains(head, connection, CLOSE)) {
            return false;
        }
        return !head.http10() || ListedNames.contains(head, connection, KEEP_ALIVE);
    }
}
