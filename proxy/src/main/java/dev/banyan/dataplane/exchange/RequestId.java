package dev.banyan.dataplane.exchange;

import org.jspecify.annotations.Nullable;

/** X-Request-Id as Rails reads it: other characters removed, the first 255 kept (ActionDispatch::RequestId). */
final class RequestId {
    private static final int MAX_LENGTH = 255;

    private RequestId() {}

    /** Empty if nothing usable was sent. */
    static String sanitised(@Nullable String sent) {
        if (sent == null) {
            return "";
        }
        boolean clean = sent.length() <= MAX_LENGTH;
        for (int i = 0; clean && i < sent.length(); i++) {
            clean = allowed(sent.charAt(i));
        }
        if (clean) {
            return sent;
        }
        StringBuilder kept = new StringBuilder();
        for (int i = 0; i < sent.length() && kept.length() < MAX_LENGTH; i++) {
            if (allowed(sent.charAt(i))) {
                kept.append(sent.charAt(i));
            }
        }
        return kept.toString();
    }

    private static boolean allowed(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '_'
                || c == '@';
    }
}
