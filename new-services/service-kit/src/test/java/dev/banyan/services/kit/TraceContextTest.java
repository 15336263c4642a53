package dev.banyan.services.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TraceContextTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    private final SecureRandom random = new SecureRandom();

    @Test
    void a_callers_trace_goes_on_with_a_span_of_our_own() {
        TraceContext trace = TraceContext.of("00-" + TRACE + "-00f067aa0ba902b7-01", random);

        assertThat(trace.header()).matches("00-" + TRACE + "-[0-9a-f]{16}-01").doesNotContain("00f067aa0ba902b7");
    }

    @Test
    void a_later_version_is_read_as_far_as_we_know_it() {
        assertThat(TraceContext.of("01-" + TRACE + "-00f067aa0ba902b7-01-more", random)
                        .traceId())
                .isEqualTo(TRACE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more"
            })
    void what_cannot_be_read_begins_a_new_trace(String traceparent) {
        assertThat(TraceContext.of(traceparent, random).header())
                .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00")
                .doesNotContain(TRACE);
    }
}
