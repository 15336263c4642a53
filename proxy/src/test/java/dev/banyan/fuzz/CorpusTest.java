package dev.banyan.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What fuzzing began with and what it ever found, tried again in every build; without Jazzer and its agent. */
class CorpusTest {

    static Stream<Arguments> seeds() {
        return Arrays.stream(FuzzTarget.values())
                .flatMap(target -> target.seeds().stream().map(seed -> Arguments.of(target, seed.getFileName(), seed)));
    }

    @ParameterizedTest(name = "{0}/{1}")
    @MethodSource("seeds")
    @Timeout(120)
    void nothing_is_found_in(FuzzTarget target, Path name, Path seed) throws IOException {
        target.run(Files.readAllBytes(seed));
    }

    /** Most findings are near the end of something that was cut off. */
    @ParameterizedTest
    @EnumSource
    @Timeout(300)
    void nothing_is_found_in_what_a_seed_begins_with(FuzzTarget target) throws IOException {
        for (Path seed : target.seeds()) {
            byte[] whole = Files.readAllBytes(seed);
            for (int n = 0; n < whole.length; n += 1 + whole.length / 64) {
                target.run(Arrays.copyOf(whole, n));
            }
        }
    }

    @Test
    void every_corpus_has_a_target_and_is_not_empty() throws IOException {
        try (Stream<Path> folders = Files.list(FuzzTarget.corpora())) {
            assertThat(folders.map(folder -> folder.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Arrays.stream(FuzzTarget.values())
                            .map(FuzzTarget::toString)
                            .toList());
        }
        assertThat(FuzzTarget.values())
                .allSatisfy(target -> assertThat(target.seeds()).isNotEmpty());
    }
}
