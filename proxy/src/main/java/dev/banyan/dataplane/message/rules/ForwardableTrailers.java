package dev.banyan.dataplane.message.rules;

import dev.banyan.dataplane.message.Ascii;
import dev.banyan.dataplane.message.Field;
import dev.banyan.dataplane.message.Head;

/**
 * Which trailer fields go on: none that would count if a receiver put it among the header fields, for routing, authentication,
 * conditions or the reading of the content (RFC 9110, 6.5.1).
 */
public final class ForwardableTrailers {
    private static final byte[][] NEVER = {
        Ascii.bytes("age"),
        Ascii.bytes("authorization"),
        Ascii.bytes("content-range"),
        Ascii.bytes("max-forwards"),
        Ascii.bytes("range"),
        Ascii.bytes("retry-after"),
        Ascii.bytes("vary"),
        Ascii.bytes("www-authenticate")
    };
    private static final byte[][] NEVER_BEGINNING = {
        Ascii.bytes("if-"), Ascii.bytes("x-accel-"), Ascii.bytes("x-banyan-"), Ascii.bytes("x-forwarded-")
    };

    private ForwardableTrailers() {}

    public static boolean include(Head trailers, int i) {
        // The fields that a proxy must know all mean something before the content.
        if (trailers.field(i) != Field.OTHER || trailers.underscored(i)) {
            return false;
        }
        for (byte[] name : NEVER) {
            if (trailers.nameEnd(i) - trailers.nameStart(i) == name.length && trailers.nameStartsWith(i, name)) {
                return false;
            }
        }
        for (byte[] prefix : NEVER_BEGINNING) {
            if (trailers.nameStartsWith(i, prefix)) {
                return false;
            }
        }
        return true;
    }
}
