package dev.banyan.routing.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Files are edited by hand, cut off by full disks and merged with conflict markers. */
class ArbitraryTextTest {
    private static final List<String> PIECES = List.of(
            "banyan: 1\n",
            "default: ",
            "upstreams:\n",
            "routes:\n",
            "  a:\n",
            "    match: ",
            "    url: ",
            "- ",
            "[ ",
            " ]",
            "{ ",
            " }",
            ": ",
            ",",
            "#",
            "&a ",
            "*a",
            "<<",
            "!t ",
            "\"",
            "'",
            "|\n",
            ">\n",
            "\n",
            "\t",
            "?",
            "---\n",
            "...\n",
            "%YAML 1.2\n",
            "GET /a",
            "/**",
            "{id}",
            "25%",
            "15s",
            "64KiB",
            "http://a",
            "off",
            "true",
            "null",
            "~",
            "1.5",
            "\u0000",
            "\u2028",
            "\ud800",
            "\ufeff",
            "\r",
            "<<<<<<< HEAD\n",
            "    shadow: ",
            "    ramp: ",
            "steps",
            "gates",
            "    stick-by: ",
            "header:",
            "    legacy: a\n",
            "    pilots: ",
            "    fallback: ",
            "    writes: either\n");

    @Property(tries = 1000)
    void any_text_gives_a_reading(@ForAll String text) {
        assertThat(read(text)).isNotNull();
    }

    @Property(tries = 1000)
    void any_heap_of_yaml_gives_a_reading(@ForAll("heaps") String text) {
        Reading reading = read(text);

        if (reading instanceof Reading.Broken broken) {
            assertThat(broken.problems()).isNotEmpty().allSatisfy(problem -> {
                assertThat(problem.line()).isPositive();
                assertThat(problem.column()).isPositive();
                assertThat(problem.toString()).doesNotContain("\n");
            });
        }
    }

    @Property(tries = 500)
    void any_good_file_with_a_piece_broken_gives_a_reading(@ForAll long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder(TableText.file(Tables.ofSeed(seed)));
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            int at = random.nextInt(text.length());
            text.replace(
                    at, Math.min(text.length(), at + random.nextInt(0, 10)), PIECES.get(random.nextInt(PIECES.size())));
        }

        assertThat(read(text.toString())).isNotNull();
    }

    @Provide
    Arbitrary<String> heaps() {
        return Arbitraries.of(PIECES)
                .list()
                .ofMaxSize(60)
                .map(pieces -> String.join(
                        "", Stream.concat(Stream.of(""), pieces.stream()).toList()));
    }

    private static Reading read(String text) {
        SortedMap<String, String> files = new TreeMap<>(Map.of("routes/a.yaml", text));
        Acceptance acceptance =
                LastGood.decide(new TreeMap<>(), files, Map.of(), TransitionCheck.NONE, new FileReadings());
        assertThat(acceptance.heldBack().size() + acceptance.lastGood().size()).isEqualTo(1);
        return RoutesFiles.read(files);
    }
}
