package dev.banyan.dataplane.exchange;

import dev.banyan.dataplane.message.Field;
import dev.banyan.dataplane.message.Head;

/** The id of the trace that a client's request is part of (W3C Trace Context, 3.2.2). */
final class TraceId {
    private static final int BEGIN = 3;
    private static final int END = 35;
    private static final int LENGTH = 55;
    private static final String NONE = "0".repeat(END - BEGIN);

    private TraceId() {}

    /** Empty if there is no {@code traceparent}, or none that can be read. */
    static String of(Head head) {
        String sent = head.first(Field.TRACEPARENT);
        if (sent == null || sent.length() < LENGTH || sent.charAt(BEGIN - 1) != '-' || sent.charAt(END) != '-') {
            return "";
        }
        for (int i = BEGIN; i < END; i++) {
            char c = sent.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return "";
            }
        }
        String id = sent.substring(BEGIN, END);
        return id.equals(NONE) || sent.startsWith("ff") ? "" : id;
    }
}
