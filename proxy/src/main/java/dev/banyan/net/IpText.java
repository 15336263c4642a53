package dev.banyan.net;

import org.jspecify.annotations.Nullable;

/** IP addresses as text: one strict way to read them (RFC 4291, 2.2), one way to write each (RFC 5952). */
final class IpText {
    private static final int GROUPS = 8;
    private static final int MAX_OCTET = 255;
    private static final int LONGEST = 45;

    private IpText() {}

    /** 4 or 16 bytes; null if it is no address. */
    static byte @Nullable [] bytes(String text) {
        if (text.length() > LONGEST) {
            return null;
        }
        if (text.indexOf(':') >= 0) {
            return ipv6(text);
        }
        byte[] bytes = new byte[IpAddress.IPV4_BYTES];
        return ipv4(text, bytes, 0) ? bytes : null;
    }

    private static boolean ipv4(String text, byte[] into, int at) {
        int start = 0;
        for (int i = 0; i < IpAddress.IPV4_BYTES; i++) {
            int dot = text.indexOf('.', start);
            boolean last = i == IpAddress.IPV4_BYTES - 1;
            if (last ? dot >= 0 : dot < 0) {
                return false;
            }
            int octet = octet(text, start, last ? text.length() : dot);
            if (octet < 0) {
                return false;
            }
            into[at + i] = (byte) octet;
            start = dot + 1;
        }
        return true;
    }

    /** -1 if it is none. */
    private static int octet(String text, int start, int end) {
        int digits = end - start;
        if (digits < 1 || digits > 3 || (digits > 1 && text.charAt(start) == '0')) {
            return -1;
        }
        int octet = 0;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            octet = octet * 10 + c - '0';
        }
        return octet <= MAX_OCTET ? octet : -1;
    }

    private static byte @Nullable [] ipv6(String text) {
        int gap = text.indexOf("::");
        byte[] bytes = new byte[IpAddress.IPV6_BYTES];
        if (gap < 0) {
            return groups(text, true, bytes) == GROUPS ? bytes : null;
        }
        byte[] tail = new byte[IpAddress.IPV6_BYTES];
        int before = groups(text.substring(0, gap), false, bytes);
        int after = groups(text.substring(gap + 2), true, tail);
        // The gap stands for one group at least.
        if (before < 0 || after < 0 || before + after >= GROUPS) {
            return null;
        }
        System.arraycopy(tail, 0, bytes, (GROUPS - after) * 2, after * 2);
        return bytes;
    }

    /** How many groups of 16 bits there are; -1 if it is no list of at most eight. */
    private static int groups(String text, boolean ipv4Last, byte[] into) {
        if (text.isEmpty()) {
            return 0;
        }
        int count = 0;
        int start = 0;
        while (start <= text.length()) {
            int colon = text.indexOf(':', start);
            int end = colon < 0 ? text.length() : colon;
            if (colon < 0 && ipv4Last && text.indexOf('.', start) >= 0) {
                boolean fits = count <= GROUPS - 2 && ipv4(text.substring(start), into, count * 2);
                return fits ? count + 2 : -1;
            }
            int group = count < GROUPS ? group(text, start, end) : -1;
            if (group < 0) {
                return -1;
            }
            into[count * 2] = (byte) (group >> Byte.SIZE);
            into[count * 2 + 1] = (byte) group;
            count++;
            start = end + 1;
        }
        return count;
    }

    private static int group(String text, int start, int end) {
        if (end - start < 1 || end - start > 4) {
            return -1;
        }
        int group = 0;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                return -1;
            }
            group = group << 4 | digit;
        }
        return group;
    }

    static String of(byte[] bytes) {
        return bytes.length == IpAddress.IPV4_BYTES ? dotted(bytes) : hex(bytes);
    }

    private static String dotted(byte[] bytes) {
        return (bytes[0] & 0xff) + "." + (bytes[1] & 0xff) + "." + (bytes[2] & 0xff) + "." + (bytes[3] & 0xff);
    }

    /** The first of the longest runs of two zero groups or more becomes {@code ::}. */
    private static String hex(byte[] bytes) {
        int gapStart = -1;
        int gapLength = 1;
        for (int i = 0; i < GROUPS; i++) {
            int zeros = zeros(bytes, i);
            if (zeros > gapLength) {
                gapStart = i;
                gapLength = zeros;
            }
        }
        StringBuilder text = new StringBuilder(LONGEST);
        for (int i = 0; i < GROUPS; i++) {
            if (i == gapStart) {
                text.append("::");
                i += gapLength - 1;
                continue;
            }
            boolean afterGap = gapStart >= 0 && i == gapStart + gapLength;
            if (i > 0 && !afterGap) {
                text.append(':');
            }
            text.append(Integer.toHexString(at(bytes, i)));
        }
        return text.toString();
    }

    private static int zeros(byte[] bytes, int from) {
        int i = from;
        while (i < GROUPS && at(bytes, i) == 0) {
            i++;
        }
        return i - from;
    }

    private static int at(byte[] bytes, int group) {
        return (bytes[group * 2] & 0xff) << Byte.SIZE | (bytes[group * 2 + 1] & 0xff);
    }
}
