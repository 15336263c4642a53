package dev.banyan.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Gives each target to Jazzer for a while: {@code mvn -Dquick -Pfuzz -pl proxy test}, with {@code -Dbanyan.fuzz.seconds=30} for less
 * and {@code -Dbanyan.fuzz.targets=path,form} for some. What it learns is kept in {@code target/fuzz} for the next run; what it finds
 * lies there, too, and belongs into the corpus with its fix.
 */
@Tag("full")
@EnabledIfSystemProperty(
        named = "banyan.fuzz.seconds",
        matches = "[1-9][0-9]*",
        disabledReason = "fuzzing is the business of the profile fuzz")
class JazzerTest {
    private static final String JAZZER = "com.code_intelligence.jazzer.Jazzer";
    /** Generous: on a busy machine the first input, for which classes are loaded and instrumented, took more than twenty. */
    private static final String SECONDS_FOR_ONE_INPUT = "60";

    private static final Path WORK = Path.of("target", "fuzz").toAbsolutePath();

    static Stream<FuzzTarget> targets() {
        String wanted = System.getProperty("banyan.fuzz.targets", "");
        return Arrays.stream(FuzzTarget.values())
                .filter(target -> wanted.isEmpty() || List.of(wanted.split(",")).contains(target.toString()));
    }

    @ParameterizedTest
    @MethodSource("targets")
    void nothing_is_found_in(FuzzTarget target) throws Exception {
        Path learnt = Files.createDirectories(WORK.resolve(target + "/learnt"));
        Path log = WORK.resolve(target + ".log");

        int status = new ProcessBuilder(command(target, learnt))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();

        assertThat(status).as(() -> "see " + log + "\n" + lastLines(log)).isZero();
        assertThat(log).content().contains("Done ");
    }

    private static List<String> command(FuzzTarget target, Path learnt) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx768m",
                "-XX:+EnableDynamicAgentLoading",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                JAZZER,
                "--target_class=" + target.type().getName(),
                "--instrumentation_includes=dev.banyan.**",
                "--custom_hook_includes=dev.banyan.**",
                "--reproducer_path=" + learnt.getParent(),
                "-max_total_time=" + System.getProperty("banyan.fuzz.seconds"),
                "-timeout=" + SECONDS_FOR_ONE_INPUT,
                "-print_final_stats=1",
                "-artifact_prefix=" + learnt.getParent() + "/",
                learnt.toString(),
                target.corpus().toString());
    }

    private static String lastLines(Path log) {
        try {
            List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
        } catch (IOException e) {
            return "it cannot be read: " + e;
        }
    }
}
