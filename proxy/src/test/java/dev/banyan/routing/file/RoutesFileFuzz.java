package dev.banyan.routing.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Any text as a file of routes: problems that say where, or a table that is the same when it is written and read again. */
public final class RoutesFileFuzz {
    private RoutesFileFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        Reading reading = read(new String(input, StandardCharsets.UTF_8));
        if (reading instanceof Reading.Broken broken) {
            assertThat(broken.problems()).isNotEmpty().allSatisfy(problem -> {
                assertThat(problem.line()).isPositive();
                assertThat(problem.column()).isPositive();
                assertThat(problem.toString()).doesNotContain("\n");
            });
        } else if (reading instanceof Reading.Read read) {
            String file = TableText.file(read.table());
            Reading again = read(file);
            assertThat(again).as(() -> file + Cases.told(again)).isInstanceOf(Reading.Read.class);
            assertThat(((Reading.Read) again).table()).as(file).isEqualTo(read.table());

            String stored = TableText.write(read.table());
            assertThat(TableText.read(stored)).as(stored).isEqualTo(read.table());
            assertThat(TableText.write(TableText.read(stored))).isEqualTo(stored);
        }
    }

    private static Reading read(String text) {
        return RoutesFiles.read(new TreeMap<>(Map.of("routes/a.yaml", text)));
    }
}
