package dev.banyan.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One strict way to read an address, one way to write it. */
final class IpAddressTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7",
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "2001:DB8::7, 2001:db8::7",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:0db8:0000:0000:0000:0000:0000:0007, 2001:db8::7",
        "1:0:3:4:5:6:7:8, 1:0:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
        "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
        "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304",
        "::ffff:192.0.2.7, 192.0.2.7",
        "::FFFF:c000:207, 192.0.2.7",
        "0:0:0:0:0:ffff:1.2.3.4, 1.2.3.4"
    })
    void it_is_read_and_written_in_one_way(String written, String canonical) {
        assertThat(IpAddress.parse(written)).hasToString(canonical);
        assertThat(IpAddress.parse(canonical)).isEqualTo(IpAddress.parse(written));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.256",
                "1.2.3.",
                ".1.2.3",
                "1..2.3",
                "01.2.3.4",
                "1.2.3.04",
                "1.2.3.4 ",
                " 1.2.3.4",
                "+1.2.3.4",
                "1.2.3.-4",
                "0x1.2.3.4",
                "16909060",
                "1.2.3.4:80",
                "[::1]",
                "::1%eth0",
                ":",
                ":::",
                "::1::",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "::1:2:3:4:5:6:7:8",
                "1:2:3:4:5:6:7:",
                ":1:2:3:4:5:6:7",
                "12345::",
                "g::",
                "1.2.3.4::",
                "::1.2.3.4:1",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::1.2.3",
                "::01.2.3.4",
                "\u0661.2.3.4",
                "\uff11::",
                "unknown",
                "_hidden"
            })
    void anything_else_is_no_address(String text) {
        assertThat(IpAddress.parse(text)).isNull();
    }

    @Property
    void what_is_written_reads_as_the_same_address(@ForAll @Size(16) byte[] bytes) throws UnknownHostException {
        IpAddress address = IpAddress.of(bytes);

        assertThat(IpAddress.parse(address.toString())).isEqualTo(address);
        assertThat(IpAddress.of(InetAddress.getByName(address.toString()).getAddress()))
                .isEqualTo(address);
    }

    @Property
    void addresses_with_many_zeros_too(@ForAll @Size(16) boolean[] zero, @ForAll @Size(16) byte[] bytes)
            throws UnknownHostException {
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = zero[i] || zero[i ^ 1] ? 0 : bytes[i];
        }
        IpAddress address = IpAddress.of(bytes);

        assertThat(IpAddress.parse(InetAddress.getByAddress(bytes).getHostAddress()))
                .isEqualTo(address);
        assertThat(IpAddress.parse(address.toString())).isEqualTo(address);
    }

    @Property
    void no_text_makes_it_throw_and_what_it_takes_the_jdk_takes_too(
            @ForAll @StringLength(max = 50) @CharRange(from = '.', to = ':') @CharRange(from = 'a', to = 'g')
                    String text)
            throws UnknownHostException {
        IpAddress address = IpAddress.parse(text);

        if (address != null) {
            assertThat(IpAddress.of(InetAddress.getByName(text).getAddress())).isEqualTo(address);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.1.2, 11.0.0.0",
        "10.0.0.0/9, 10.127.255.255, 10.128.0.0",
        "192.0.2.7, 192.0.2.7, 192.0.2.6",
        "0.0.0.0/0, 203.0.113.9, ::1",
        "::/0, ::1, 203.0.113.9",
        "::1/128, ::1, ::2",
        "fc00::/7, fdff::1, fe00::",
        "fe80::/10, febf::1, fec0::",
        "2001:db8:8000::/33, 2001:db8:8000::1, 2001:db8:7fff::1",
        "::ffff:10.0.0.0/104, 10.1.2.3, 11.0.0.0"
    })
    void a_network_has_the_addresses_that_share_its_first_bits(String network, String inside, String outside) {
        Networks networks = Networks.of("198.51.100.0/24", network);

        assertThat(networks.contain(Objects.requireNonNull(IpAddress.parse(inside))))
                .isTrue();
        assertThat(networks.contain(Objects.requireNonNull(IpAddress.parse(outside))))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.0.0.0/33 | \"33\" is no number of bits of 10.0.0.0 | write a number from 0 to 32",
                "10.0.0.0/ | \"\" is no number of bits of 10.0.0.0 | write a number from 0 to 32",
                "10.0.0.0/08 | \"08\" is no number of bits of 10.0.0.0 | write a number from 0 to 32",
                "10.0.0.0/-1 | \"-1\" is no number of bits of 10.0.0.0 | write a number from 0 to 32",
                "::ffff:10.0.0.0/8 | \"8\" is no number of bits of 10.0.0.0 | write a number from 96 to 128",
                "10.1.2.3/8 | 10.1.2.3/8 has bits behind its first 8 | write 10.0.0.0/8, or 10.1.2.3 for the one address",
                "nginx | \"nginx\" is no network | write an address with the number of its leading bits, such as 10.0.0.0/8 or"
                        + " fc00::/7",
                "10.0.0.0/255.0.0.0 | \"255.0.0.0\" is no number of bits of 10.0.0.0 | write a number from 0 to 32"
            })
    void a_network_that_is_none_is_told_with_what_to_write(String text, String what, String fix) {
        assertThat(Network.read(text)).isEqualTo(new Network.Wrong(what, fix));
    }

    @Property
    void reading_a_network_never_throws(@ForAll @StringLength(max = 60) String text) {
        assertThatCode(() -> Network.read(text)).doesNotThrowAnyException();
    }
}
