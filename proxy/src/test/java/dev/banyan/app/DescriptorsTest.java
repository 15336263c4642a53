package dev.banyan.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.settings.SettingSources;
import dev.banyan.settings.Settings;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class DescriptorsTest {

    private static Settings connections(int most) {
        return Settings.read(new SettingSources(
                        Map.of(), Map.of("BANYAN_LIMITS_CONNECTIONS", Integer.toString(most)), Optional.empty()))
                .settings();
    }

    @Test
    void a_limit_that_is_too_low_for_the_connections_is_told_with_both_ways_out() {
        assertThat(Descriptors.warning(connections(20_000), OptionalLong.of(4_096)))
                .hasValueSatisfying(warning -> assertThat(warning.toString())
                        .isEqualTo("BANYAN_LIMITS_CONNECTIONS: 20000 connections may take"
                                + " 40500 file descriptors, and this process may have 4096; fix: let it have more"
                                + " (ulimit -n 40500, LimitNOFILE= of systemd), or write limits.connections: 1798"));
    }

    @Test
    void a_limit_that_is_enough_or_unknown_is_not_told() {
        assertThat(Descriptors.warning(connections(20_000), OptionalLong.of(40_500)))
                .isEmpty();
        assertThat(Descriptors.warning(connections(20_000), OptionalLong.empty()))
                .isEmpty();
    }

    @Test
    void this_process_knows_its_limit() {
        assertThat(Descriptors.limit().orElseThrow()).isPositive();
    }
}
