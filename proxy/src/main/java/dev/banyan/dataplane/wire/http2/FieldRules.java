package dev.banyan.dataplane.wire.http2;

import dev.banyan.dataplane.message.Ascii;
import dev.banyan.dataplane.message.Field;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** What a regular header field may be, so that as a line of HTTP/1 it is read as one and as what was meant (RFC 9113, 8.2). */
final class FieldRules {
    private static final byte[] TRAILERS = Ascii.bytes("trailers");

    private FieldRules() {}

    static boolean isName(AsciiString name) {
        for (int i = 0; i < name.length(); i++) {
            byte b = name.byteAt(i);
            if ((Ascii.classOf(b) & Ascii.TOKEN) == 0 || (b >= 'A' && b <= 'Z')) {
                return false;
            }
        }
        return true;
    }

    static boolean hasUnderscore(AsciiString name) {
        for (int i = 0; i < name.length(); i++) {
            if ((Ascii.classOf(name.byteAt(i)) & Ascii.UNDERSCORE) != 0) {
                return true;
            }
        }
        return false;
    }

    static boolean isValue(AsciiString value) {
        return has(value, Ascii.VALUE)
                && (value.isEmpty() || !(isSpace(value.byteAt(0)) || isSpace(value.byteAt(value.length() - 1))));
    }

    /**
     * What is wrong with a field that is about the connection or the message, null: nothing. HTTP/2 has other means for what is about
     * the connection (8.2.2), and one name for a host (8.3.1).
     */
    static @Nullable String wrong(Field field, AsciiString value, @Nullable AsciiString authority, boolean inTrailers) {
        return switch (field) {
            case CONNECTION, KEEP_ALIVE, PROXY_CONNECTION, TRANSFER_ENCODING, UPGRADE ->
                "a header field belongs to connections of HTTP/1 only";
            case TE -> is(value, TRAILERS) ? null : "TE has another value than trailers";
            case HOST -> {
                if (inTrailers) {
                    yield "a trailer field would change how the message is read";
                }
                yield authority == null || authority.contentEqualsIgnoreCase(value)
                        ? null
                        : "Host names another host than :authority";
            }
            case CONTENT_LENGTH -> inTrailers ? "a trailer field would change how the message is read" : null;
            default -> null;
        };
    }

    static boolean has(AsciiString text, int byteClass) {
        for (int i = 0; i < text.length(); i++) {
            if ((Ascii.classOf(text.byteAt(i)) & byteClass) == 0) {
                return false;
            }
        }
        return true;
    }

    static boolean is(AsciiString text, byte[] lowerCase) {
        int start = text.arrayOffset();
        return Ascii.equalsIgnoreCase(text.array(), start, start + text.length(), lowerCase);
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t';
    }
}
