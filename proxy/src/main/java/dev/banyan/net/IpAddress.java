package dev.banyan.net;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One IP address. An IPv4 address that is written as IPv6 ({@code ::ffff:192.0.2.7}) is that IPv4 address, so that no list of networks
 * is passed by in the other spelling.
 */
public final class IpAddress {
    static final int IPV4_BYTES = 4;
    static final int IPV6_BYTES = 16;
    static final int MAPPED_PREFIX_BYTES = IPV6_BYTES - IPV4_BYTES;

    private final byte[] bytes;

    private IpAddress(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Of 4 or 16 bytes, as the network has them. */
    public static IpAddress of(byte[] bytes) {
        if (bytes.length != IPV4_BYTES && bytes.length != IPV6_BYTES) {
            throw new IllegalArgumentException("bytes: " + bytes.length + " (expected: 4 or 16)");
        }
        return new IpAddress(
                isMapped(bytes) ? Arrays.copyOfRange(bytes, MAPPED_PREFIX_BYTES, IPV6_BYTES) : bytes.clone());
    }

    /**
     * Null unless the text is one address and nothing else: no zone, no brackets, no leading zeros, which some take for octal.
     *
     * @see <a href="https://www.rfc-editor.org/rfc/rfc4291#section-2.2">RFC 4291, 2.2</a>
     */
    public static @Nullable IpAddress parse(String text) {
        byte[] bytes = IpText.bytes(text);
        return bytes == null ? null : of(bytes);
    }

    private static boolean isMapped(byte[] bytes) {
        if (bytes.length != IPV6_BYTES) {
            return false;
        }
        for (int i = 0; i < MAPPED_PREFIX_BYTES - 2; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return bytes[MAPPED_PREFIX_BYTES - 2] == (byte) 0xff && bytes[MAPPED_PREFIX_BYTES - 1] == (byte) 0xff;
    }

    public boolean isIpv4() {
        return bytes.length == IPV4_BYTES;
    }

    int bits() {
        return bytes.length * Byte.SIZE;
    }

    /** Whether the first so many bits are those of {@code other}, which is of the same family. */
    boolean sharesPrefix(IpAddress other, int bits) {
        int whole = bits / Byte.SIZE;
        if (!Arrays.equals(bytes, 0, whole, other.bytes, 0, whole)) {
            return false;
        }
        int rest = bits % Byte.SIZE;
        return rest == 0 || (bytes[whole] ^ other.bytes[whole]) >> (Byte.SIZE - rest) == 0;
    }

    /** With all bits behind the first {@code bits} put to zero. */
    public IpAddress masked(int bits) {
        byte[] masked = bytes.clone();
        for (int i = 0; i < masked.length; i++) {
            int kept = Math.max(0, Math.min(Byte.SIZE, bits - i * Byte.SIZE));
            masked[i] &= (byte) (0xff << (Byte.SIZE - kept));
        }
        return new IpAddress(masked);
    }

    /** One spelling an address: dotted for IPv4, RFC 5952 for IPv6. */
    @Override
    public String toString() {
        return IpText.of(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IpAddress address && Arrays.equals(bytes, address.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
