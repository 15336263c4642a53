package dev.banyan.dataplane.listener;

import dev.banyan.net.IpAddress;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a balancer says before the first byte of a client: the PROXY protocol, versions 1 and 2. Of our own, since Netty's
 * decoder takes {@code +80} for a port, {@code 01.2.3.4} for an address and no heed of malformed TLVs, and builds objects of TLVs
 * that nobody reads (CVE-2022-41881, GHSA-h2qv-fj59-j46j).
 *
 * @see <a href="https://www.haproxy.org/download/2.6/doc/proxy-protocol.txt">The PROXY protocol, section 2</a>
 */
final class ProxyHeader {
    /** The longest of version 1, with its end of line. */
    static final int MAX_V1_BYTES = 107;

    /** The most of version 2 that is read past: addresses and TLVs. A certificate's name is a TLV, and still far shorter. */
    static final int MAX_V2_LENGTH = 4096;

    private static final Parsed MORE = new More();
    private static final Parsed ITSELF = new Itself();
    private static final byte[] V1 = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] V2 = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};
    private static final int V2_FIXED_BYTES = 16;
    private static final int V2_VERSION = 2;
    private static final int LOCAL = 0;
    private static final int PROXY = 1;
    private static final int UNSPECIFIED = 0x00;
    private static final int TCP_IPV4 = 0x11;
    private static final int TCP_IPV6 = 0x21;
    private static final int UNIX_STREAM = 0x31;
    private static final int PORTS_BYTES = 4;
    private static final int UNIX_BYTES = 216;
    private static final int TLV_HEAD_BYTES = 3;
    private static final int MAX_PORT = 65_535;

    private ProxyHeader() {}

    /** What the bytes so far turned out to be. */
    sealed interface Parsed {}

    /** Not whole yet. */
    record More() implements Parsed {}

    /** No such header, or one that makes no sense. */
    record Bad(String why) implements Parsed {}

    /** The connection is that of a client at this address. */
    record From(IpAddress client) implements Parsed {}

    /** The connection is the balancer's own (a health check), or one whose client has no IP address. */
    record Itself() implements Parsed {}

    /** Takes the header's bytes, if it is whole and good; takes nothing otherwise. Never reads behind it. */
    static Parsed read(ByteBuf in) {
        if (!in.isReadable()) {
            return MORE;
        }
        byte first = in.getByte(in.readerIndex());
        if (first == V1[0]) {
            return startsWith(in, V1) ? v1(in) : new Bad("begins neither as version 1 nor as version 2");
        }
        return startsWith(in, V2) ? v2(in) : new Bad("begins neither as version 1 nor as version 2");
    }

    /** As far as bytes are there. */
    private static boolean startsWith(ByteBuf in, byte[] signature) {
        int there = Math.min(in.readableBytes(), signature.length);
        for (int i = 0; i < there; i++) {
            if (in.getByte(in.readerIndex() + i) != signature[i]) {
                return false;
            }
        }
        return true;
    }

    // Version 1: PROXY TCP4 192.0.2.7 192.0.2.1 50123 443 CR LF.

    private static Parsed v1(ByteBuf in) {
        int there = Math.min(in.readableBytes(), MAX_V1_BYTES);
        int cr = in.indexOf(in.readerIndex(), in.readerIndex() + there, (byte) '\r');
        int length = cr < 0 ? there : cr - in.readerIndex();
        if (cr < 0 || length + 1 == there) {
            return there == MAX_V1_BYTES ? new Bad("version 1 is longer than " + MAX_V1_BYTES + " bytes") : MORE;
        }
        if (in.getByte(cr + 1) != '\n') {
            return new Bad("version 1 ends without LF");
        }
        Parsed line = line(in.toString(in.readerIndex(), length, StandardCharsets.ISO_8859_1));
        if (!(line instanceof Bad)) {
            in.skipBytes(length + 2);
        }
        return line;
    }

    private static Parsed line(String text) {
        String[] words = text.split(" ", -1);
        if (words[1].equals("UNKNOWN")) {
            // What follows is to be ignored.
            return ITSELF;
        }
        boolean ipv4 = words[1].equals("TCP4");
        if (!ipv4 && !words[1].equals("TCP6")) {
            return new Bad("version 1 names a protocol that is none of TCP4, TCP6 and UNKNOWN");
        }
        if (words.length != 6 || !isPort(words[4]) || !isPort(words[5])) {
            return new Bad("version 1 is not two addresses and two ports");
        }
        IpAddress source = address(words[2], ipv4);
        IpAddress destination = address(words[3], ipv4);
        return source == null || destination == null
                ? new Bad("version 1 has an address that is not of its protocol")
                : new From(source);
    }

    private static @Nullable IpAddress address(String text, boolean ipv4) {
        return text.indexOf(':') < 0 == ipv4 ? IpAddress.parse(text) : null;
    }

    private static boolean isPort(String text) {
        return text.matches("0|[1-9][0-9]{0,4}") && Integer.parseInt(text) <= MAX_PORT;
    }

    // Version 2: signature, version and command, family and protocol, length; addresses; TLVs.

    private static Parsed v2(ByteBuf in) {
        if (in.readableBytes() < V2_FIXED_BYTES) {
            return MORE;
        }
        int at = in.readerIndex();
        int versionAndCommand = in.getUnsignedByte(at + V2.length);
        int length = in.getUnsignedShort(at + V2_FIXED_BYTES - 2);
        if (versionAndCommand >> 4 != V2_VERSION) {
            return new Bad("version 2 has another version in it");
        }
        if (length > MAX_V2_LENGTH) {
            return new Bad("version 2 is longer than " + MAX_V2_LENGTH + " bytes");
        }
        if (in.readableBytes() < V2_FIXED_BYTES + length) {
            return MORE;
        }
        ByteBuf rest = in.slice(at + V2_FIXED_BYTES, length);
        Parsed outcome = switch (versionAndCommand & 0xf) {
            case LOCAL -> ITSELF;
            case PROXY -> proxied(in.getUnsignedByte(at + V2.length + 1), rest);
            default -> new Bad("version 2 has a command that is neither LOCAL nor PROXY");
        };
        if (!(outcome instanceof Bad)) {
            in.skipBytes(V2_FIXED_BYTES + length);
        }
        return outcome;
    }

    private static Parsed proxied(int familyAndProtocol, ByteBuf rest) {
        return switch (familyAndProtocol) {
            case TCP_IPV4 -> from(rest, 4);
            case TCP_IPV6 -> from(rest, 16);
            case UNIX_STREAM -> tlvsFollow(rest, UNIX_BYTES) ? ITSELF : new Bad("version 2 is cut short");
            case UNSPECIFIED -> ITSELF;
            default -> new Bad("version 2 has a family or protocol that no TCP connection has");
        };
    }

    private static Parsed from(ByteBuf rest, int addressBytes) {
        if (!tlvsFollow(rest, 2 * addressBytes + PORTS_BYTES)) {
            return new Bad("version 2 is cut short");
        }
        byte[] source = new byte[addressBytes];
        rest.getBytes(0, source);
        return new From(IpAddress.of(source));
    }

    /** Whether there are so many bytes, and type-length-value triples behind them and nothing else. */
    private static boolean tlvsFollow(ByteBuf rest, int start) {
        int at = start;
        while (at + TLV_HEAD_BYTES <= rest.readableBytes()) {
            at += TLV_HEAD_BYTES + rest.getUnsignedShort(at + 1);
        }
        return at == rest.readableBytes();
    }
}
