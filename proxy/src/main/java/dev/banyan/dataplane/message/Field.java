package dev.banyan.dataplane.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The header fields that a proxy must know; all others are {@link #OTHER} and pass through. */
public enum Field {
    OTHER,
    ACCEPT,
    CACHE_CONTROL,
    CLIENT_IP,
    CONNECTION,
    CONTENT_ENCODING,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    COOKIE,
    DATE,
    EXPECT,
    EXPIRES,
    FORWARDED,
    HOST,
    HTTP2_SETTINGS,
    KEEP_ALIVE,
    LOCATION,
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
    PROXY_CONNECTION,
    SET_COOKIE,
    TE,
    TRACEPARENT,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
    USER_AGENT,
    VIA,
    X_ACCEL_MAPPING,
    X_FORWARDED_FOR,
    X_FORWARDED_HOST,
    X_FORWARDED_PORT,
    X_FORWARDED_PREFIX,
    X_FORWARDED_PROTO,
    X_FORWARDED_SCHEME,
    X_FORWARDED_SERVER,
    X_FORWARDED_SSL,
    X_HTTP_METHOD_OVERRIDE,
    X_REAL_IP,
    X_REQUEST_ID,
    X_SENDFILE,
    X_SENDFILE_TYPE;

    private static final Field[][] BY_SHAPE = new Field[256][];

    @SuppressWarnings("ImmutableEnumChecker") // written by nobody
    private final byte[] lowerCase = Ascii.bytes(name().toLowerCase(Locale.ROOT).replace('_', '-'));

    static {
        List<List<Field>> slots = new ArrayList<>();
        for (int i = 0; i < BY_SHAPE.length; i++) {
            slots.add(new ArrayList<>());
        }
        for (Field field : values()) {
            if (field != OTHER) {
                slots.get(shape(field.lowerCase, 0, field.lowerCase.length)).add(field);
            }
        }
        for (int i = 0; i < BY_SHAPE.length; i++) {
            BY_SHAPE[i] = slots.get(i).toArray(new Field[0]);
        }
    }

    /** The field of that name, whatever its case. The name is not empty. */
    public static Field of(byte[] bytes, int start, int end) {
        for (Field candidate : BY_SHAPE[shape(bytes, start, end)]) {
            if (Ascii.equalsIgnoreCase(bytes, start, end, candidate.lowerCase)) {
                return candidate;
            }
        }
        return OTHER;
    }

    /** A cheap hash by which few names meet: length, first, middle and last letter. */
    private static int shape(byte[] bytes, int start, int end) {
        int length = end - start;
        return (length * 31
                        + (bytes[start] | 0x20) * 7
                        + (bytes[start + length / 2] | 0x20) * 3
                        + (bytes[end - 1] | 0x20))
                & 0xff;
    }
}
