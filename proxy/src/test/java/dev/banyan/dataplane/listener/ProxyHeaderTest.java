package dev.banyan.dataplane.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.dataplane.listener.ProxyHeader.Bad;
import dev.banyan.dataplane.listener.ProxyHeader.From;
import dev.banyan.dataplane.listener.ProxyHeader.Itself;
import dev.banyan.dataplane.listener.ProxyHeader.More;
import dev.banyan.dataplane.listener.ProxyHeader.Parsed;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The PROXY protocol, read strictly: what it says is believed, so it must say one thing only. */
final class ProxyHeaderTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final String V4 = "c0000207c0000201c3a301bb";
    private static final String V6 =
            "20010db8000000000000000000000007" + "20010db8000000000000000000000001" + "c3a301bb";
    private static final String REST = "GET / HTTP/1.1\r\n";

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Version 2 as hexadecimal digits. */
    private static byte[] v2(String versionAndCommand, String family, String rest) {
        return HexFormat.of()
                .parseHex(SIGNATURE + versionAndCommand + family + "%04x".formatted(rest.length() / 2) + rest);
    }

    /** With a request behind it, of which not a byte may be taken; and in every number of pieces. */
    private static Parsed read(byte[] header) {
        ByteBuf whole = Unpooled.wrappedBuffer(header, ascii(REST));
        Parsed outcome = ProxyHeader.read(whole);
        if (!(outcome instanceof Bad)) {
            assertThat(whole.toString(StandardCharsets.ISO_8859_1)).isEqualTo(REST);
            for (int n = 0; n < header.length; n++) {
                ByteBuf part = Unpooled.wrappedBuffer(header, 0, n);
                assertThat(ProxyHeader.read(part)).as("the first %d bytes", n).isInstanceOf(More.class);
                assertThat(part.readableBytes()).isEqualTo(n);
            }
        }
        return outcome;
    }

    private static void readsAsFrom(byte[] header, String client) {
        assertThat(read(header))
                .isInstanceOfSatisfying(
                        From.class, from -> assertThat(from.client()).hasToString(client));
    }

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 192.0.2.7 192.0.2.1 50123 443, 192.0.2.7",
        "PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535, 255.255.255.255",
        "PROXY TCP4 192.0.2.7 192.0.2.1 0 0, 192.0.2.7",
        "PROXY TCP6 2001:DB8::7 ::1 50123 443, 2001:db8::7",
        "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535,"
                + " ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "PROXY TCP6 ::ffff:192.0.2.7 ::ffff:192.0.2.1 50123 443, 192.0.2.7"
    })
    void version_1_names_the_client(String line, String client) {
        readsAsFrom(ascii(line + "\r\n"), client);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY UNKNOWN",
                "PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535",
                "PROXY UNKNOWN \t anything at all"
            })
    void version_1_may_name_nobody(String line) {
        assertThat(read(ascii(line + "\r\n"))).isInstanceOf(Itself.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1",
                "proxy TCP4 192.0.2.7 192.0.2.1 50123 443",
                "PROXYTCP4 192.0.2.7 192.0.2.1 50123 443",
                "PROXY  TCP4 192.0.2.7 192.0.2.1 50123 443",
                "PROXY ",
                "PROXY TCP4",
                "PROXY TCP5 192.0.2.7 192.0.2.1 50123 443",
                "PROXY UDP4 192.0.2.7 192.0.2.1 50123 443",
                "PROXY UNKNOWNx",
                "PROXY TCP4 192.0.2.7 192.0.2.1 50123",
                "PROXY TCP4 192.0.2.7 192.0.2.1 50123 443 more",
                "PROXY TCP4 192.0.2.7 192.0.2.1 50123 443 ",
                "PROXY TCP4 192.0.2.7  192.0.2.1 50123 443",
                "PROXY TCP4 192.0.2.7\t192.0.2.1 50123 443",
                "PROXY TCP4 192.0.2.7 192.0.2.1 65536 443",
                "PROXY TCP4 192.0.2.7 192.0.2.1 +80 443",
                "PROXY TCP4 192.0.2.7 192.0.2.1 080 443",
                "PROXY TCP4 192.0.2.7 192.0.2.1 -1 443",
                "PROXY TCP4 192.0.2.7 192.0.2.1 0x50 443",
                "PROXY TCP4 192.0.2.07 192.0.2.1 50123 443",
                "PROXY TCP4 2001:db8::7 ::1 50123 443",
                "PROXY TCP6 192.0.2.7 192.0.2.1 50123 443",
                "PROXY TCP6 fe80::1%eth0 ::1 50123 443",
                "PROXY TCP6 [::1] ::1 50123 443",
                "PROXY TCP4 localhost 192.0.2.1 50123 443",
                "PROXY TCP4 192.0.2.7 192.0.2.1 50123 443\r",
                "PROXY TCP4 192.0.2.7 192.0.2.1 50123 443\nX: y"
            })
    void anything_else_is_refused(String line) {
        assertThat(read(ascii(line + "\r\n"))).isInstanceOf(Bad.class);
    }

    @Test
    void version_1_ends_within_107_bytes() {
        String longest = "PROXY UNKNOWN " + "x".repeat(ProxyHeader.MAX_V1_BYTES - 16);

        assertThat(read(ascii(longest + "\r\n"))).isInstanceOf(Itself.class);
        assertThat(read(ascii(longest + "x\r\n"))).isInstanceOf(Bad.class);
        assertThat(ProxyHeader.read(Unpooled.wrappedBuffer(ascii(longest + "xx"))))
                .isInstanceOf(Bad.class);
    }

    @Test
    void a_wrong_beginning_is_refused_by_its_first_wrong_byte() {
        assertThat(ProxyHeader.read(Unpooled.wrappedBuffer(ascii("G")))).isInstanceOf(Bad.class);
        assertThat(ProxyHeader.read(Unpooled.wrappedBuffer(ascii("PRI")))).isInstanceOf(Bad.class);
        assertThat(ProxyHeader.read(Unpooled.wrappedBuffer(ascii("\r\n\r\n\r"))))
                .isInstanceOf(Bad.class);
        assertThat(ProxyHeader.read(Unpooled.wrappedBuffer(new byte[] {0x16, 3, 1})))
                .isInstanceOf(Bad.class);
    }

    @Test
    void version_2_names_the_client() {
        readsAsFrom(v2("21", "11", V4), "192.0.2.7");
        readsAsFrom(v2("21", "21", V6), "2001:db8::7");
        readsAsFrom(v2("21", "21", "00000000000000000000ffffc0000207" + "0".repeat(32) + "c3a301bb"), "192.0.2.7");
    }

    @Test
    void its_further_fields_are_skipped() {
        String authority = "02" + "0003" + "612e62";
        String empty = "04" + "0000";
        String large = "ee" + "0f00" + "00".repeat(0xf00);

        readsAsFrom(v2("21", "11", V4 + authority + empty + large), "192.0.2.7");
        readsAsFrom(v2("21", "21", V6 + large + authority), "2001:db8::7");
    }

    @Test
    void version_2_may_name_nobody() {
        assertThat(read(v2("20", "00", ""))).isInstanceOf(Itself.class);
        assertThat(read(v2("20", "11", V4)))
                .as("LOCAL, with what is to be ignored")
                .isInstanceOf(Itself.class);
        assertThat(read(v2("20", "ff", "00")))
                .as("LOCAL, with what nobody knows")
                .isInstanceOf(Itself.class);
        assertThat(read(v2("21", "00", ""))).as("UNSPEC").isInstanceOf(Itself.class);
        assertThat(read(v2("21", "00", V4 + "00"))).isInstanceOf(Itself.class);
        assertThat(read(v2("21", "31", "2f".repeat(216)))).as("a Unix socket").isInstanceOf(Itself.class);
    }

    @Test
    void version_2_that_makes_no_sense_is_refused() {
        assertThat(read(v2("11", "11", V4))).as("version 1 in it").isInstanceOf(Bad.class);
        assertThat(read(v2("31", "11", V4))).isInstanceOf(Bad.class);
        assertThat(read(v2("22", "11", V4))).as("a third command").isInstanceOf(Bad.class);
        for (String family : new String[] {"01", "10", "12", "13", "20", "22", "30", "32", "41", "ff"}) {
            assertThat(read(v2("21", family, V6)))
                    .as("family and protocol " + family)
                    .isInstanceOf(Bad.class);
        }
        assertThat(read(v2("21", "11", V4.substring(2)))).as("too short").isInstanceOf(Bad.class);
        assertThat(read(v2("21", "21", V4))).as("an IPv4 address as IPv6").isInstanceOf(Bad.class);
        assertThat(read(v2("21", "31", V6))).isInstanceOf(Bad.class);
        assertThat(read(v2("21", "11", V4 + "04"))).as("a stump of a field").isInstanceOf(Bad.class);
        assertThat(read(v2("21", "11", V4 + "040009" + "00")))
                .as("a field past the end")
                .isInstanceOf(Bad.class);
        assertThat(read(v2("20", "00", "00".repeat(ProxyHeader.MAX_V2_LENGTH + 1))))
                .isInstanceOf(Bad.class);
    }

    /** Bytes that are nearly right: one good header, damaged, cut or grown. */
    private static byte[] damaged(RandomGenerator random) {
        byte[][] good = {
            ascii("PROXY TCP4 192.0.2.7 192.0.2.1 50123 443\r\n"),
            ascii("PROXY TCP6 2001:db8::7 ::1 50123 443\r\n"),
            v2("21", "11", V4 + "0200036162630400" + "00"),
            v2("21", "21", V6),
            v2("20", "00", "")
        };
        byte[] bytes = good[random.nextInt(good.length)].clone();
        for (int n = random.nextInt(4); n > 0; n--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return Arrays.copyOf(bytes, random.nextInt(bytes.length + 20));
    }

    @Property(tries = 20_000)
    void no_bytes_make_it_throw_or_read_on_and_more_bytes_never_change_its_mind(@ForAll long seed) {
        byte[] bytes = damaged(new Random(seed));
        Parsed before = new More();
        for (int n = 0; n <= bytes.length && before instanceof More; n++) {
            ByteBuf part = Unpooled.wrappedBuffer(bytes, 0, n);
            before = ProxyHeader.read(part);
            if (before instanceof More || before instanceof Bad) {
                assertThat(part.readerIndex()).isZero();
            }
        }
        if (!(before instanceof More)) {
            ByteBuf whole = Unpooled.wrappedBuffer(bytes);
            Parsed atOnce = ProxyHeader.read(whole);
            assertThat(atOnce.getClass()).isEqualTo(before.getClass());
            assertThat(whole.readerIndex()).isLessThanOrEqualTo(bytes.length);
        }
    }
}
