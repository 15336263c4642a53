package dev.banyan.rails;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.rails.RailsServer.Running;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * No spelling that Rails takes for an action of a migrated route reaches the old code, and none that it does not take reaches the new.
 * A failed run prints its seed; {@code -Dbanyan.rails.seed=N} repeats it.
 */
@ExtendWith(RailsServer.class)
class RailsOracleTest {
    private static final int SAMPLE = 1_500;
    private static final int MANY = 40_000;

    @ParameterizedTest
    @EnumSource(Monolith.class)
    void each_spelling_is_decided_as_rails_takes_it(Monolith stage, Running rails) throws IOException {
        decide(stage, rails, SAMPLE);
    }

    @Tag("full")
    @ParameterizedTest
    @EnumSource(Monolith.class)
    void so_are_many_more(Monolith stage, Running rails) throws IOException {
        decide(stage, rails, MANY);
    }

    private static void decide(Monolith stage, Running rails, int requests) throws IOException {
        long seed = Long.getLong("banyan.rails.seed", new Random().nextLong());
        Spellings spellings = new Spellings(seed);
        try (RailsConnection connection = rails.connect()) {
            Judge judge = new Judge(connection, stage);

            for (int i = 0; i < requests; i++) {
                judge.judge(spellings.next());
            }

            assertThat(judge.complaints())
                    .as(() -> "-Dbanyan.rails.seed=" + seed + " of " + stage + ", " + judge.counts())
                    .isEmpty();
        }
    }
}
