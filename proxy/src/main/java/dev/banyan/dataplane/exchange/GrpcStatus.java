package dev.banyan.dataplane.exchange;

import dev.banyan.dataplane.wire.Ascii;
import dev.banyan.dataplane.wire.Field;
import dev.banyan.dataplane.wire.Head;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What gRPC says of a call where others say it by the HTTP status: a number in the trailers, or in the only head there is.
 *
 * @see <a href="https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md">gRPC over HTTP/2</a>
 */
public enum GrpcStatus {
    UNKNOWN(2),
    DEADLINE_EXCEEDED(4),
    PERMISSION_DENIED(7),
    RESOURCE_EXHAUSTED(8),
    UNIMPLEMENTED(12),
    INTERNAL(13),
    UNAVAILABLE(14),
    UNAUTHENTICATED(16);

    static final String STATUS = "grpc-status";
    static final String MESSAGE = "grpc-message";
    private static final byte[] STATUS_NAME = Ascii.bytes(STATUS);
    private static final byte[] MEDIA_TYPE = Ascii.bytes("application/grpc");

    private final int number;

    GrpcStatus(int number) {
        this.number = number;
    }

    public String number() {
        return Integer.toString(number);
    }

    /** Whether the message is one of gRPC, or of gRPC-Web: {@code application/grpc} with anything behind it. */
    public static boolean isSpokenIn(Head head) {
        int type = head.indexOf(Field.CONTENT_TYPE, 0);
        if (type < 0) {
            return false;
        }
        int start = head.valueStart(type);
        return head.valueEnd(type) - start >= MEDIA_TYPE.length
                && Ascii.equalsIgnoreCase(head.bytes(), start, start + MEDIA_TYPE.length, MEDIA_TYPE);
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

    /**
     * What a head or trailers say, if it is a failure of the server as a 5xx is: UNKNOWN, which an exception in its code comes to,
     * INTERNAL or UNAVAILABLE; else null. Not DEADLINE_EXCEEDED: deadlines are the client's choice, and one with absurd ones must not
     * take the upstream away from all others.
     */
    public static @Nullable GrpcStatus failureIn(Head headOrTrailers) {
        String said = headOrTrailers.joined(STATUS_NAME, ",");
        if (said == null) {
            return null;
        }
        return switch (said) {
            case "2" -> UNKNOWN;
            case "13" -> INTERNAL;
            case "14" -> UNAVAILABLE;
            default -> null;
        };
    }

    /** Trailers that end a call which cannot be ended well. */
    public Head trailers(String message) {
        Head trailers = new Head();
        add(trailers, STATUS, number());
        add(trailers, MESSAGE, percentEncoded(message));
        return trailers;
    }

    private static void add(Head head, String name, String value) {
        int start = head.length();
        byte[] line = Ascii.bytes(name + ": " + value + "\r\n");
        head.append(line, 0, line.length);
        int valueStart = start + name.length() + 2;
        head.addField(start, start + name.length(), valueStart, valueStart + value.length(), false);
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
