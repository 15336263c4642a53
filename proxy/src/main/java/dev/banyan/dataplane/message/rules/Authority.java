package dev.banyan.dataplane.message.rules;

import dev.banyan.dataplane.message.Ascii;
import io.netty.util.NetUtil;
import java.nio.charset.StandardCharsets;

/** The value of Host: a name or an IP literal, and an optional port (RFC 9110, 7.2; RFC 3986, 3.2.2). */
public final class Authority {
    private static final boolean[] NAME = new boolean[256];
    private static final int MAX_PORT = 65_535;

    static {
        for (char c : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=%".toCharArray()) {
            NAME[c] = true;
        }
        // Of the sub-delims only the harmless: nobody's host has a comma, and lists of hosts do.
        for (char c : ",;".toCharArray()) {
            NAME[c] = false;
        }
    }

    private Authority() {}

    public static boolean isValid(byte[] bytes, int start, int end) {
        int i = start;
        if (i < end && bytes[i] == '[') {
            i = literalEnd(bytes, i + 1, end);
        } else {
            while (i < end && NAME[bytes[i] & 0xff]) {
                if (bytes[i] == '%' && !isEscape(bytes, i, end)) {
                    return false;
                }
                i++;
            }
        }
        if (i <= start) {
            return false;
        }
        return i == end || (bytes[i] == ':' && isPort(bytes, i + 1, end));
    }

    private static boolean isEscape(byte[] bytes, int i, int end) {
        return i + 2 < end && Ascii.hex(bytes[i + 1]) >= 0 && Ascii.hex(bytes[i + 2]) >= 0;
    }

    /** Just after the closing bracket of an IP literal; -1 if it is none. */
    private static int literalEnd(byte[] bytes, int start, int end) {
        return start < end && (bytes[start] | 0x20) == 'v'
                ? futureEnd(bytes, start + 1, end)
                : ipV6End(bytes, start, end);
    }

    /** An address of a version to come, {@code [v1.anything]}: nobody has one, and all may pass it on (RFC 3986, 3.2.2). */
    private static int futureEnd(byte[] bytes, int start, int end) {
        int dot = start;
        while (dot < end && Ascii.hex(bytes[dot]) >= 0) {
            dot++;
        }
        if (dot == start || dot == end || bytes[dot] != '.') {
            return -1;
        }
        int i = dot + 1;
        while (i < end && bytes[i] != '%' && (NAME[bytes[i] & 0xff] || bytes[i] == ':')) {
            i++;
        }
        return i > dot + 1 && i < end && bytes[i] == ']' ? i + 1 : -1;
    }

    private static int ipV6End(byte[] bytes, int start, int end) {
        int i = start;
        while (i < end && bytes[i] != ']') {
            boolean allowed = Ascii.hex(bytes[i]) >= 0 || bytes[i] == ':' || bytes[i] == '.';
            if (!allowed) {
                return -1;
            }
            i++;
        }
        String literal = new String(bytes, start, i - start, StandardCharsets.ISO_8859_1);
        return i < end && NetUtil.isValidIpV6Address(literal) ? i + 1 : -1;
    }

    private static boolean isPort(byte[] bytes, int start, int end) {
        int port = 0;
        for (int i = start; i < end; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') {
                return false;
            }
            port = port * 10 + bytes[i] - '0';
            if (port > MAX_PORT) {
                return false;
            }
        }
        // "host:" with an empty port is legal (RFC 3986, 3.2.3).
        return true;
    }
}
