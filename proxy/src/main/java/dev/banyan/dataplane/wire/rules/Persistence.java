package dev.banyan.dataplane.wire.rules;

import dev.banyan.dataplane.wire.Ascii;
import dev.banyan.dataplane.wire.Field;
import dev.banyan.dataplane.wire.Head;
import dev.banyan.dataplane.wire.ListedNames;

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
