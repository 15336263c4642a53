package dev.banyan.dataplane.message;

/** Comma-separated names in a field that may come more than once, such as Connection (RFC 9110, 5.6.1). */
public final class ListedNames {
    private ListedNames() {}

    /** Whether a field of the same kind, from {@code first} on, lists the name. */
    public static boolean contains(Head head, int first, byte[] lowerCase) {
        for (int i = first; i >= 0; i = head.indexOf(head.field(first), i + 1)) {
            if (valueContains(head, i, lowerCase)) {
                return true;
            }
        }
        return false;
    }

    private static boolean valueContains(Head head, int index, byte[] lowerCase) {
        boolean[] found = new boolean[1];
        each(head, index, (start, end) -> found[0] |= Ascii.equalsIgnoreCase(head.bytes(), start, end, lowerCase));
        return found[0];
    }

    /** Where a listed name stands in the head's bytes. */
    public interface Visitor {
        void name(int start, int end);
    }

    /** How many names the field at {@code index} may list, empty ones included. */
    public static int count(Head head, int index) {
        byte[] bytes = head.bytes();
        int count = 1;
        for (int i = head.valueStart(index); i < head.valueEnd(index); i++) {
            if (bytes[i] == ',') {
                count++;
            }
        }
        return count;
    }

    /** Every non-empty name of the field at {@code index}. */
    public static void each(Head head, int index, Visitor visitor) {
        byte[] bytes = head.bytes();
        int end = head.valueEnd(index);
        int start = head.valueStart(index);
        while (start < end) {
            int comma = start;
            while (comma < end && bytes[comma] != ',') {
                comma++;
            }
            int nameStart = start;
            int nameEnd = comma;
            while (nameStart < nameEnd && (bytes[nameStart] == ' ' || bytes[nameStart] == '\t')) {
                nameStart++;
            }
            while (nameEnd > nameStart && (bytes[nameEnd - 1] == ' ' || bytes[nameEnd - 1] == '\t')) {
                nameEnd--;
            }
            if (nameStart < nameEnd) {
                visitor.name(nameStart, nameEnd);
            }
            start = comma + 1;
        }
    }
}
