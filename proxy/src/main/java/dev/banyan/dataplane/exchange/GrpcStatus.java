package dev.banyan.dataplane.exchange;

import dev.banyan.dataplane.message.Ascii;
import dev.banyan.dataplane.message.Field;
import dev.banyan.dataplane.message.Head;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What gRPC says of a call where others say it by the HTTP status: a number in the trailers, or in the only head there is. In the order
 * of the numbers.
 *
 * @see <a href="https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md">gRPC over HTTP/2</a>
 */
public enum GrpcStatus {
    OK(0),
    CANCELLED(1),
    UNKNOWN(2),
    INVALID_ARGUMENT(3),
    DEADLINE_EXCEEDED(4),
    NOT_FOUND(5),
    ALREADY_EXISTS(6),
    PERMISSION_DENIED(7),
    RESOURCE_EXHAUSTED(8),
    FAILED_PRECONDITION(9),
    ABORTED(10),
    OUT_OF_RANGE(11),
    UNIMPLEMENTED(12),
    INTERNAL(13),
    UNAVAILABLE(14),
    DATA_LOSS(15),
    UNAUTHENTICATED(16);

    static final String STATUS = "grpc-status";
    static final String MESSAGE = "grpc-message";
    private static final byte[] STATUS_NAME = Ascii.bytes(STATUS);
    private static final byte[] MEDIA_TYPE = Ascii.bytes("application/grpc");
    private static final byte[] WEB_MEDIA_TYPE = Ascii.bytes("application/grpc-web");
    private static final GrpcStatus[] BY_NUMBER = values();

    private static final int MOST_DIGITS = 2;

    /** How many there are. */
    public static final int COUNT = BY_NUMBER.length;

    private final int number;

    GrpcStatus(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /**
     * The status of that number.
     *
     * @param number 0..16
     */
    public static GrpcStatus numbered(int number) {
        return BY_NUMBER[number];
    }

    /** Whether the message is one of gRPC, or of gRPC-Web: {@code application/grpc} with anything behind it. */
    public static boolean isSpokenIn(Head head) {
        return isOfType(head, MEDIA_TYPE);
    }

    /** Whether the message is one of gRPC-Web, which has its status in the body, where we do not look. */
    public static boolean isHiddenIn(Head head) {
        return isOfType(head, WEB_MEDIA_TYPE);
    }

    private static boolean isOfType(Head head, byte[] mediaType) {
        int type = head.indexOf(Field.CONTENT_TYPE, 0);
        if (type < 0) {
            return false;
        }
        int start = head.valueStart(type);
        return head.valueEnd(type) - start >= mediaType.length
                && Ascii.equalsIgnoreCase(head.bytes(), start, start + mediaType.length, mediaType);
    }

    /** What a client of gRPC makes of an HTTP status, where it gets nothing better (http-grpc-status-mapping.md of gRPC), and of a gateway's. */
    public static GrpcStatus of(int httpStatus) {
        return switch (httpStatus) {
            case 401 -> UNAUTHENTICATED;
            case 403 -> PERMISSION_DENIED;
            case 404 -> UNIMPLEMENTED;
            case 413 -> RESOURCE_EXHAUSTED;
            case 429, 502, 503 -> UNAVAILABLE;
            case 408, 504 -> DEADLINE_EXCEEDED;
            default -> INTERNAL;
        };
    }

    /** What clients of gRPC make of an upstream's answer that is none of gRPC (http-grpc-status-mapping.md of gRPC). */
    public static GrpcStatus ofForeign(int httpStatus) {
        return switch (httpStatus) {
            case 400 -> INTERNAL;
            case 401 -> UNAUTHENTICATED;
            case 403 -> PERMISSION_DENIED;
            case 404 -> UNIMPLEMENTED;
            case 429, 502, 503, 504 -> UNAVAILABLE;
            default -> UNKNOWN;
        };
    }

    /** What a head or trailers say, and UNKNOWN for what is no status, as clients take it; null: nothing. */
    public static @Nullable GrpcStatus saidIn(Head headOrTrailers) {
        String said = headOrTrailers.joined(STATUS_NAME, ",");
        if (said == null) {
            return null;
        }
        if (said.isEmpty() || said.length() > MOST_DIGITS) {
            return UNKNOWN;
        }
        int number = 0;
        for (int i = 0; i < said.length(); i++) {
            int digit = said.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return UNKNOWN;
            }
            number = number * 10 + digit;
        }
        return number < COUNT ? BY_NUMBER[number] : UNKNOWN;
    }

    /**
     * Whether it is a failure of the server as a 5xx is: UNKNOWN, which an exception in its code comes to, INTERNAL or UNAVAILABLE. Not
     * DEADLINE_EXCEEDED: deadlines are the client's choice, and one with absurd ones must not take the upstream away from all others.
     */
    public boolean failsTheServer() {
        return this == UNKNOWN || this == INTERNAL || this == UNAVAILABLE;
    }

    /** Trailers that end a call which cannot be ended well. */
    public Head trailers(String message) {
        Head trailers = new Head();
        trailers.add(STATUS, Integer.toString(number));
        trailers.add(MESSAGE, percentEncoded(message));
        return trailers;
    }

    /** Visible ASCII and spaces as they are, but for the percent sign itself; every other byte of the UTF-8 as {@code %XX}. */
    static String percentEncoded(String message) {
        StringBuilder encoded = new StringBuilder(message.length());
        for (byte b : message.getBytes(StandardCharsets.UTF_8)) {
            if (b >= ' ' && b <= '~' && b != '%') {
                encoded.append((char) b);
            } else {
                encoded.append("%%%02X".formatted(b & 0xff));
            }
        }
        return encoded.toString();
    }
}
