package dev.banyan.dataplane.message.rules;

import dev.banyan.dataplane.message.Field;
import dev.banyan.dataplane.message.Head;

/** The Content-Length field (RFC 9110, 8.6): one field, digits only. */
final class ContentLength {
    private ContentLength() {}

    /** Its number; -1 if there are several, equal or not, or if it is no decimal number that fits a long. */
    static long read(Head head, int index) {
        if (head.indexOf(Field.CONTENT_LENGTH, index + 1) >= 0) {
            return -1;
        }
        byte[] bytes = head.bytes();
        int start = head.valueStart(index);
        int end = head.valueEnd(index);
        if (start == end) {
            return -1;
        }
        long number = 0;
        for (int i = start; i < end; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9 || number > (Long.MAX_VALUE - digit) / 10) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
