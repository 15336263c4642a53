package dev.banyan.dataplane.message;

/**
 * How large the heads of a connection's messages may be, whichever protocol they come by.
 *
 * @param bytes of the whole head in the form of HTTP/1
 * @param settable whether they are those of the settings, so that who meets one can be told which
 */
public record HeadLimits(int bytes, int fields, boolean settable) {
    private static final int USUAL_BYTES = 96 * 1024;
    private static final int USUAL_FIELDS = 256;

    /** Of requests, where nothing else is set: more than puma takes in one field, less than hurts. */
    public static final HeadLimits DEFAULT = ofRequests(USUAL_BYTES, USUAL_FIELDS);

    /** Of answers: upstreams are ours, and who runs into these is broken. */
    public static final HeadLimits OF_ANSWERS = new HeadLimits(USUAL_BYTES, USUAL_FIELDS, false);

    public HeadLimits {
        if (bytes < 1) {
            throw new IllegalArgumentException("bytes: " + bytes + " (expected: >= 1)");
        }
        if (fields < 1) {
            throw new IllegalArgumentException("fields: " + fields + " (expected: >= 1)");
        }
    }

    public static HeadLimits ofRequests(int bytes, int fields) {
        return new HeadLimits(bytes, fields, true);
    }

    public MessageError tooLarge() {
        return new MessageError(
                431, "head-too-large", "the head is larger than " + bytes + " bytes" + setBy("limits.head"));
    }

    public MessageError tooManyFields() {
        return new MessageError(
                431, "too-many-fields", "more than " + fields + " header fields" + setBy("limits.head-fields"));
    }

    private String setBy(String key) {
        return settable ? " (" + key + ")" : "";
    }
}
