package dev.banyan.dataplane.wire.http2;

import dev.banyan.dataplane.message.Ascii;
import java.util.ArrayList;
import java.util.List;

/** The names of HPACK's static table (RFC 7541, appendix A), found without regard to case. */
final class StaticNames {
    private static final int FIRST_REGULAR = 15;
    private static final String[] REGULAR = {
        "accept-charset",
        "accept-encoding",
        "accept-language",
        "accept-ranges",
        "accept",
        "access-control-allow-origin",
        "age",
        "allow",
        "authorization",
        "cache-control",
        "content-disposition",
        "content-encoding",
        "content-language",
        "content-length",
        "content-location",
        "content-range",
        "content-type",
        "cookie",
        "date",
        "etag",
        "expect",
        "expires",
        "from",
        "host",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
        "last-modified",
        "link",
        "location",
        "max-forwards",
        "proxy-authenticate",
        "proxy-authorization",
        "range",
        "referer",
        "refresh",
        "retry-after",
        "server",
        "set-cookie",
        "strict-transport-security",
        "transfer-encoding",
        "user-agent",
        "vary",
        "via",
        "www-authenticate"
    };
    private static final int SLOTS = 256;
    private static final Entry[][] BY_SHAPE = new Entry[SLOTS][];

    private record Entry(
            @SuppressWarnings("ArrayRecordComponent") byte[] name, int index) {}

    static {
        List<List<Entry>> slots = new ArrayList<>();
        for (int i = 0; i < SLOTS; i++) {
            slots.add(new ArrayList<>());
        }
        for (int i = 0; i < REGULAR.length; i++) {
            byte[] name = Ascii.bytes(REGULAR[i]);
            slots.get(shape(name, 0, name.length)).add(new Entry(name, FIRST_REGULAR + i));
        }
        for (int i = 0; i < SLOTS; i++) {
            BY_SHAPE[i] = slots.get(i).toArray(new Entry[0]);
        }
    }

    private StaticNames() {}

    /** Its index; 0 if it is not in the table. The name is not empty. */
    static int indexOf(byte[] bytes, int start, int end) {
        for (Entry candidate : BY_SHAPE[shape(bytes, start, end)]) {
            if (Ascii.equalsIgnoreCase(bytes, start, end, candidate.name)) {
                return candidate.index;
            }
        }
        return 0;
    }

    private static int shape(byte[] bytes, int start, int end) {
        return ((end - start) * 31 + (bytes[start] | 0x20) * 7 + (bytes[end - 1] | 0x20)) & (SLOTS - 1);
    }
}
