package dev.banyan.routing.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.yaml.Problem;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever does what a fix says has changed something. */
class FixesTest {
    private static final List<String> NUMBERS = List.of(
            "0",
            "00",
            "5",
            "05",
            "010",
            "0502",
            "-5",
            "-05",
            "+5",
            "1.5",
            "01.50",
            "1e3",
            "0x10",
            "1_000",
            "999999999",
            "1234567890123",
            "0000000000010");
    private static final List<String> UNITS = List.of(
            "", "ms", "s", "S", "sec", "m", "min", "h", "d", "B", "b", "k", "KiB", "kb", "MiB", "GiB", "%", "x", "/s",
            " s", " KiB", " %");
    private static final List<String> WORDS = List.of(
            "legacy",
            "Legacy",
            "legcy",
            "modern",
            "either",
            "true",
            "True",
            "yes",
            "on",
            "off",
            "OFF",
            "http1",
            "HTTP1",
            "h2",
            "rails",
            "Rails",
            "sticky",
            "rollback",
            "user",
            "X-User-Id",
            "header:X Y",
            "get",
            "GET /a",
            "a_b",
            "-a",
            "A");

    @Provide
    Arbitrary<String> spellings() {
        Arbitrary<String> amounts = Combinators.combine(Arbitraries.of(NUMBERS), Arbitraries.of(UNITS))
                .as((number, unit) -> number + unit);
        return Arbitraries.oneOf(amounts, Arbitraries.of(WORDS));
    }

    /** Every key that takes a scalar, or a list of them; VALUE is what is written. */
    @Provide
    Arbitrary<String> keys() {
        Stream<String> ofUpstream = Stream.of(
                "protocol: VALUE",
                "balance: VALUE",
                "keep-alive: VALUE",
                "timeouts: { connect: VALUE }",
                "timeouts: { total: VALUE }",
                "limits: { concurrent: VALUE }",
                "limits: { queue-timeout: VALUE }",
                "retries: { attempts: VALUE }",
                "retries: { budget: VALUE }",
                "retries: { at-least: VALUE }",
                "breaker: { failures: VALUE, over: 5 }",
                "breaker: { over: VALUE }",
                "breaker: { open-for: VALUE }",
                "health: { path: VALUE }",
                "health: { path: /h, every: VALUE }",
                "health: { path: /h, healthy-after: VALUE }",
                "outlier: { errors: VALUE }",
                "outlier: { at-most: VALUE }",
                "tls: { server-name: VALUE }",
                "dns: VALUE");
        Stream<String> ofRoute = Stream.of(
                "legacy: VALUE",
                "canary: VALUE",
                "cohort: VALUE",
                "pilots: [ VALUE ]",
                "stick-by: [ VALUE ]",
                "writes: VALUE",
                "fence: VALUE",
                "fallback: VALUE",
                "fallback: { statuses: [ VALUE ] }",
                "formats: [ VALUE ]",
                "rewrite: VALUE",
                "shadow: { share: VALUE }",
                "shadow: { of: VALUE }",
                "shadow: { methods: [ VALUE ] }",
                "shadow: { writes-are-safe: VALUE }",
                "shadow: { settle: VALUE }",
                "shadow: { ignore: [ VALUE ] }",
                "shadow: { ignore: [ { field: VALUE } ] }",
                "shadow: { ignore: [ { field: $.a, until: VALUE } ] }",
                "shadow: { tolerance: VALUE }",
                "ramp: { steps: [ VALUE ] }",
                "ramp: { steps: [ 5% ], hold: VALUE }",
                "ramp: { steps: [ 5% ], gates: { errors: VALUE } }",
                "ramp: { steps: [ 5% ], gates: { p99: VALUE } }",
                "ramp: { steps: [ 5% ], gates: { parity: VALUE } }",
                "ramp: { steps: [ 5% ], on-failure: VALUE }",
                "hold-body: VALUE",
                "match: [ VALUE ]");
        Stream<String> ofFile = Stream.of("banyan: VALUE", "default: VALUE", "paths: VALUE");
        return Arbitraries.of(Stream.of(
                        ofUpstream.map(key -> "banyan: 1\nupstreams:\n  u:\n    url: http://a:1\n    " + key),
                        ofRoute.map(key -> "banyan: 1\nroutes:\n  r:\n    " + key),
                        ofFile)
                .flatMap(keys -> keys)
                .toList());
    }

    @Property(tries = 4_000)
    void no_fix_proposes_exactly_what_was_written(
            @ForAll("keys") String key, @ForAll("spellings") String spelling, @ForAll boolean quoted) {
        String written = quoted ? '"' + spelling + '"' : spelling;

        for (Problem problem : problems(key.replace("VALUE", written))) {
            assertThat(proposals(problem.fix()))
                    .as("%s, of %s", problem, written)
                    .doesNotContain(spelling);
            if (problem.fix().contains("without quotes")) {
                assertThat(quoted).as("%s, of %s", problem, written).isTrue();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            fence: 010s        | write 10s
            fence: 05s         | write 5s
            fence: 01          | add the unit: 1ms, 1s or 1m
            fence: 1234567890s | write a duration such as 250ms, 30s or 15m
            hold-body: 010KiB  | write 10KiB
            fallback: { statuses: [ 0502 ] }   | write 502, which begins with no zero
            fallback: { statuses: [ "0502" ] } | write 502, without quotes
            fallback: { statuses: [ "502" ] }  | write it without quotes
            shadow: { writes-are-safe: "true" }  | write it without quotes
            shadow: { tolerance: "5" }           | write it without quotes
            """)
    void a_number_that_begins_with_zeros_is_proposed_without_them(String key, String fix) {
        assertThat(problems("banyan: 1\nroutes:\n  r:\n    match: [ GET /a ]\n    legacy: rails\n    " + key))
                .extracting(Problem::fix)
                .contains(fix);
    }

    /** What one would write if one did what the fix says: the words of a fix that end a sentence or stand between commas. */
    private static List<String> proposals(String fix) {
        String said = fix.replaceFirst("^(write|did you mean|add the unit:|such as) ", "");
        return Stream.of(said.split("\\?$|\\?? or |, (?:or )?(?:such as )?|; "))
                .map(String::strip)
                .toList();
    }

    private static List<Problem> problems(String text) {
        Reading reading = RoutesFiles.read(new TreeMap<>(Map.of("a.yaml", text)));
        return reading instanceof Reading.Broken broken ? broken.problems() : List.of();
    }
}
