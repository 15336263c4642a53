package dev.banyan.rails;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.rails.RailsServer.Running;
import dev.banyan.routing.decide.Decision;
import dev.banyan.routing.decide.Routed;
import java.io.IOException;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each row of docs/rails-matching.md says what is so. */
class RailsMatchingDocTest {
    private static final long NOW = 1_767_225_600L;

    static Stream<DocRow> rows() {
        return DocRow.all();
    }

    @Test
    void the_page_has_rows_to_check() {
        assertThat(DocRow.all()).hasSizeGreaterThan(40);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void banyan_does_what_the_page_says(DocRow row) {
        Routed routed = Monolith.MODERN_ANSWERS.router().route(row.asked().view(), NOW);

        assertThat(told(row.asked(), routed)).isEqualTo(row.banyan());
    }

    private static String told(Asked asked, Routed routed) {
        if (routed instanceof Routed.To to) {
            Decision decision = to.decision();
            String query = asked.view().rawQuery();
            String accept = decision.sent().acceptFromSuffix();
            return "%s, `%s`: `%s %s%s`%s"
                    .formatted(
                            decision.side().word(),
                            decision.routeId(),
                            decision.sent().method(),
                            decision.sent().path(),
                            query == null ? "" : "?" + query,
                            accept == null ? "" : " with `Accept: " + accept + "`");
        }
        return routed instanceof Routed.Refused refused
                ? "refused, `" + refused.status() + "`"
                : routed.toString().toLowerCase(Locale.ROOT);
    }

    @Nested
    @ExtendWith(RailsServer.class)
    class ByRails {

        @ParameterizedTest
        @MethodSource("dev.banyan.rails.RailsMatchingDocTest#rows")
        void rails_runs_what_the_page_says(DocRow row, Running rails) throws IOException {
            try (RailsConnection connection = rails.connect()) {
                String ran = connection.ask(row.asked()).ran();

                assertThat(ran == null ? "nothing" : "`" + ran + "`").isEqualTo(row.rails());
            }
        }
    }
}
