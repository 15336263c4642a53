package dev.banyan.dataplane.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AddressMemoryTest {
    private static final long NOW = 1_000_000_000_000L;

    private final AddressMemory memory = new AddressMemory();

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }

    private List<String> order(long nowNanos, String... resolved) {
        return memory
                .inOrder(Stream.of(resolved).map(AddressMemoryTest::address).toList(), nowNanos)
                .stream()
                .map(found -> found.getHostAddress().replace("0:0:0:0:0:0:0:", "::"))
                .toList();
    }

    @Test
    void the_families_take_turns_and_the_resolver_says_which_is_first() {
        assertThat(order(NOW, "10.0.0.1", "10.0.0.2", "10.0.0.3", "::1", "::2"))
                .containsExactly("10.0.0.1", "::1", "10.0.0.2", "::2", "10.0.0.3");
        assertThat(order(NOW, "::1", "::2", "10.0.0.1")).containsExactly("::1", "10.0.0.1", "::2");
    }

    @Test
    void what_answered_last_is_first() {
        memory.stood(address("10.0.0.2"));
        memory.stood(address("10.0.0.3"));

        assertThat(order(NOW, "10.0.0.1", "10.0.0.2", "10.0.0.3")).containsExactly("10.0.0.3", "10.0.0.1", "10.0.0.2");
    }

    @Test
    void what_answered_last_and_is_the_names_no_more_is_not_asked() {
        memory.stood(address("10.0.0.9"));

        assertThat(order(NOW, "10.0.0.1", "10.0.0.2")).containsExactly("10.0.0.1", "10.0.0.2");
    }

    @Test
    void what_failed_comes_last_for_a_while_the_longest_ago_first() {
        memory.failed(address("10.0.0.2"), NOW);
        memory.failed(address("10.0.0.1"), NOW + 1);
        String[] all = {"10.0.0.1", "10.0.0.2", "10.0.0.3"};

        assertThat(order(NOW + 2, all)).containsExactly("10.0.0.3", "10.0.0.2", "10.0.0.1");
        assertThat(order(NOW + 2 + AddressMemory.AVOIDED_NANOS, all)).containsExactly(all);
    }

    @Test
    void what_answered_and_failed_since_is_not_first_and_what_failed_and_answered_since_is() {
        memory.stood(address("10.0.0.1"));
        memory.failed(address("10.0.0.1"), NOW);
        assertThat(order(NOW, "10.0.0.1", "10.0.0.2")).containsExactly("10.0.0.2", "10.0.0.1");

        memory.failed(address("10.0.0.2"), NOW);
        memory.stood(address("10.0.0.2"));
        assertThat(order(NOW, "10.0.0.1", "10.0.0.2")).containsExactly("10.0.0.2", "10.0.0.1");
    }
}
