package dev.banyan.net;

import org.jspecify.annotations.Nullable;

/** A block of addresses, {@code 10.0.0.0/8}; one address alone is the network of that one. */
public final class Network {
    private final IpAddress first;
    private final int prefixBits;

    /** What a text turned out to be. */
    public sealed interface Reading {}

    public record Read(Network network) implements Reading {}

    /** What is wrong with it and what to write in its place, both without the text's place. */
    public record Wrong(String what, String fix) implements Reading {}

    private Network(IpAddress first, int prefixBits) {
        this.first = first;
        this.prefixBits = prefixBits;
    }

    /** For constants. */
    public static Network of(String text) {
        Reading reading = read(text);
        if (reading instanceof Read read) {
            return read.network();
        }
        throw new IllegalArgumentException("network: " + reading + " (expected: such as 10.0.0.0/8)");
    }

    /** Reads {@code 10.0.0.0/8}, {@code fc00::/7} or one address. */
    public static Reading read(String text) {
        int slash = text.indexOf('/');
        String base = slash < 0 ? text : text.substring(0, slash);
        IpAddress address = IpAddress.parse(base);
        if (address == null) {
            return new Wrong(
                    "\"" + shown(text) + "\" is no network",
                    "write an address with the number of its leading bits, such as 10.0.0.0/8 or fc00::/7");
        }
        // An IPv4 address written as IPv6 counts its bits as IPv6.
        int spelledBits = base.indexOf(':') < 0 ? Integer.SIZE : IpAddress.IPV6_BYTES * Byte.SIZE;
        int prefix = slash < 0 ? spelledBits : number(text.substring(slash + 1));
        int least = spelledBits - address.bits();
        if (prefix < least || prefix > spelledBits) {
            return new Wrong(
                    "\"" + shown(text.substring(slash + 1)) + "\" is no number of bits of " + address,
                    "write a number from " + least + " to " + spelledBits);
        }
        return masked(address, prefix - least);
    }

    private static Reading masked(IpAddress address, int bits) {
        IpAddress first = address.masked(bits);
        if (!first.equals(address)) {
            return new Wrong(
                    address + "/" + bits + " has bits behind its first " + bits,
                    "write " + first + "/" + bits + ", or " + address + " for the one address");
        }
        return new Read(new Network(address, bits));
    }

    private static int number(String text) {
        return text.matches("0|[1-9][0-9]{0,2}") ? Integer.parseInt(text) : -1;
    }

    private static String shown(String text) {
        String cut = text.length() > 60 ? text.substring(0, 60) + "..." : text;
        return cut.replaceAll("[^ -~]", "?");
    }

    public boolean contains(IpAddress address) {
        return address.isIpv4() == first.isIpv4() && address.sharesPrefix(first, prefixBits);
    }

    @Override
    public String toString() {
        return first + "/" + prefixBits;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Network network && network.first.equals(first) && network.prefixBits == prefixBits;
    }

    @Override
    public int hashCode() {
        return 31 * first.hashCode() + prefixBits;
    }
}
