package dev.banyan.dataplane.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a client of gRPC says it waits. */
class GrpcTimeoutTest {

    @ParameterizedTest
    @CsvSource({
        "1H,PT1H",
        "2M,PT2M",
        "30S,PT30S",
        "150m,PT0.15S",
        "7u,PT0.000007S",
        "99999999n,PT0.099999999S",
        "0S,PT0S"
    })
    void it_is_read(String said, Duration meant) {
        assertThat(GrpcTimeout.parsed(said)).contains(meant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "S", "1", "1s", "-1S", "+1S", "1 S", "123456789S", "1S,2S"})
    void what_cannot_be_read_is_none(String said) {
        assertThat(GrpcTimeout.parsed(said)).isEmpty();
    }
}
