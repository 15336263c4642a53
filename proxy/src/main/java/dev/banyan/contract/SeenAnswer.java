package dev.banyan.contract;

import java.util.List;

/**
 * What one side answered, as far as it was looked at. It may hold what only one user may see: it lives in memory, until it is compared.
 *
 * @param status 0: none came
 * @param fields the head's, in their order, names as they came
 * @param body as it was sent, coded as {@code Content-Encoding} says
 * @param unseen why it is not all of the answer, in a stable word; empty: it is
 * @param tookNanos from the request to the last byte
 */
@SuppressWarnings("ArrayRecordComponent") // bytes on their way to be compared, never compared as they are
public record SeenAnswer(int status, List<HeaderField> fields, byte[] body, String unseen, long tookNanos) {
    private static final int NOT_MODIFIED = 304;
    private static final int PARTIAL_CONTENT = 206;

    public SeenAnswer {
        fields = List.copyOf(fields);
    }

    /** One line of a head. */
    public record HeaderField(String name, String value) {}

    /** None, and why. */
    public static SeenAnswer none(String why) {
        return new SeenAnswer(0, List.of(), new byte[0], why, 0);
    }

    /** Its head. */
    public SeenAnswer withoutBody() {
        return new SeenAnswer(status, fields, new byte[0], unseen, tookNanos);
    }

    /**
     * The first field of that name.
     *
     * @return without the space around it; empty without one
     */
    public String first(String name) {
        for (HeaderField field : fields) {
            if (field.name().equalsIgnoreCase(name)) {
                return field.value().strip();
            }
        }
        return "";
    }

    public boolean has(String name) {
        return fields.stream().anyMatch(field -> field.name().equalsIgnoreCase(name));
    }

    /** Whether it is, by its own words, not all there is: 304 or 206. */
    public boolean isPartial() {
        return status == NOT_MODIFIED || status == PARTIAL_CONTENT;
    }

    public boolean isWhole() {
        return unseen.isEmpty();
    }
}
