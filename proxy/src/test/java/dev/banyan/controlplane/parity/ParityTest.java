package dev.banyan.controlplane.parity;

import static dev.banyan.controlplane.parity.compare.Answers.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.contract.RepeatedAnswer;
import dev.banyan.contract.SecondLook;
import dev.banyan.contract.SeenAnswer;
import dev.banyan.contract.SeenAnswer.HeaderField;
import dev.banyan.contract.ShadowPair;
import dev.banyan.controlplane.judging.Counted;
import dev.banyan.routing.Flag;
import dev.banyan.routing.Flags;
import dev.banyan.routing.KnownDifference;
import dev.banyan.routing.RouteFlags;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Side;
import dev.banyan.testing.Tables;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** From pairs to what is told of a route: counted, grouped, bounded. */
class ParityTest {
    private static final String GET = "GET /orders/{id}";
    private static final long NOW = Instant.parse("2027-01-10T12:00:00Z").getEpochSecond();

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Parity parity = Parity.start(registry);
    private long pairs;

    @AfterEach
    void close() {
        parity.close();
    }

    private static RoutingTable table(long revision, String shadow) {
        return Tables.of(revision, """
                default: rails
                upstreams:
                  rails: { url: "http://127.0.0.1:1" }
                  orders: { url: "http://127.0.0.1:2" }
                routes:
                  orders: { match: "GET /orders/{id}", legacy: rails, modern: orders, shadow: { noise: off, %s } }
                """.formatted(shadow));
    }

    private void pair(long revision, SeenAnswer legacy, SeenAnswer modern) {
        long number = ++pairs;
        pair(new ShadowPair(
                "orders",
                GET,
                revision,
                NOW + number,
                7 * number + 1,
                number % 5,
                "r-" + number,
                Side.LEGACY,
                legacy,
                modern,
                SecondLook.NONE));
    }

    private void pair(ShadowPair pair) {
        if (!parity.read(pair)) {
            // Its queue is bounded, and a test is faster than any traffic.
            await().until(() -> parity.read(pair));
        }
    }

    private RouteParity known(OptionalLong since, long compared) {
        await().until(() -> of(since, Optional.empty()).compared() >= compared);
        return of(since, Optional.empty());
    }

    private RouteParity of(OptionalLong since, Optional<Duration> window) {
        return parity.of("orders", since, Instant.ofEpochSecond(NOW + pairs), window)
                .orElseThrow();
    }

    @Test
    void equal_answers_prove_parity_once_there_are_enough_and_say_how_many_are_missing() {
        parity.inForce(table(1, "share: 10%"));
        for (int i = 0; i < 1_000; i++) {
            pair(1, json("{\"a\":1}"), json("{\"a\":1}"));
        }
        RouteParity few = known(OptionalLong.empty(), 1_000);
        for (int i = 0; i < 2_851; i++) {
            pair(1, json("{\"a\":1}"), json("{\"a\":1}"));
        }
        RouteParity enough = known(OptionalLong.empty(), 3_851);

        assertThat(few.verdict().word()).isEqualTo(ParityVerdict.Word.UNDECIDED);
        assertThat(few.verdict().needs()).hasValue(2_851);
        assertThat(enough.verdict().word()).isEqualTo(ParityVerdict.Word.PROVEN);
        assertThat(enough.interval().upper()).isLessThan(0.002);
    }

    @Test
    void another_version_of_modern_is_judged_by_its_own_answers() {
        parity.inForce(versioned(1));
        for (int i = 0; i < 30; i++) {
            pair(1, version("1", "{\"a\":1}"), version("a", "{\"a\":2}"));
        }
        RouteParity before = known(OptionalLong.empty(), 30);
        // Old and new replicas in turn, while the deploy goes on.
        for (int i = 0; i < 10; i++) {
            boolean next = i % 2 == 0;
            pair(1, version("1", "{\"a\":1}"), version(next ? "b" : "a", next ? "{\"a\":1}" : "{\"a\":2}"));
        }
        await().until(() -> of(OptionalLong.of(1), Optional.empty()).compared() == 35
                && of(OptionalLong.empty(), Optional.empty()).notCompared().getOrDefault("old-version", 0L) == 5);
        RouteParity after = of(OptionalLong.empty(), Optional.empty());

        assertThat(before.different()).isEqualTo(30);
        assertThat(before.deploy()).isEmpty();
        assertThat(after.compared()).isEqualTo(5);
        assertThat(after.different()).isZero();
        assertThat(after.causes()).isEmpty();
        assertThat(after.deploy())
                .hasValueSatisfying(deploy -> assertThat(deploy.version()).isEqualTo("b"));
        assertThat(of(OptionalLong.of(1), Optional.empty()).different())
                .as("of every version")
                .isEqualTo(30);
    }

    @Test
    void a_version_that_is_taken_back_is_judged_no_more() {
        parity.inForce(versioned(1));
        pair(1, version("1", "{\"a\":1}"), version("a", "{\"a\":1}"));
        for (int i = 0; i < 30; i++) {
            pair(1, version("1", "{\"a\":1}"), version("b", "{\"a\":2}"));
        }
        assertThat(known(OptionalLong.empty(), 30).different()).isEqualTo(30);
        for (int i = 0; i < 60; i++) {
            pair(1, version("1", "{\"a\":1}"), version("a", "{\"a\":1}"));
        }

        await().until(() -> of(OptionalLong.empty(), Optional.empty())
                .deploy()
                .filter(deploy -> deploy.version().equals("a"))
                .isPresent());
        assertThat(known(OptionalLong.empty(), 5).different()).isZero();
    }

    @Test
    void what_differs_by_itself_is_learnt_anew_of_another_version_of_legacy() {
        parity.inForce(versioned(1));
        SeenAnswer first = version("1", "{\"a\":1}");
        parity.read(new RepeatedAnswer("orders", GET, 1, "r", first, version("1", "{\"a\":2}")));
        await().until(() -> parity.repeatsKnown("orders") == 1);

        pair(1, version("2", "{\"a\":1}"), version("a", "{\"a\":1}"));

        await().until(() -> parity.repeatsKnown("orders") == 0);
    }

    private static RoutingTable versioned(long revision) {
        return Tables.of(revision, """
                default: rails
                upstreams:
                  rails: { url: "http://127.0.0.1:1" }
                  orders: { url: "http://127.0.0.1:2" }
                routes:
                  orders:
                    match: "GET /orders/{id}"
                    legacy: rails
                    modern: orders
                    shadow: { share: 10%, noise: off }
                    ramp: { steps: [ 100% ], gates: { errors: +1% }, version-header: X-Version }
                """);
    }

    private static SeenAnswer version(String version, String body) {
        SeenAnswer answer = json(body);
        List<HeaderField> fields = new ArrayList<>(answer.fields());
        fields.add(new HeaderField("X-Version", version));
        return new SeenAnswer(answer.status(), fields, answer.body(), "", 1);
    }

    @Test
    void fields_that_differ_together_are_one_difference_and_others_are_not() {
        parity.inForce(table(1, "share: 10%"));
        for (int i = 0; i < 20; i++) {
            String modern = i % 2 == 0 ? "{\"Total\":1,\"b\":2}" : "{\"total\":1,\"b\":3}";
            pair(1, json("{\"total\":1,\"b\":2}"), json(modern));
        }
        RouteParity known = known(OptionalLong.empty(), 20);

        assertThat(known.different()).isEqualTo(20);
        assertThat(known.verdict().word()).isEqualTo(ParityVerdict.Word.DIFFERENT);
        assertThat(known.causes()).hasSize(2);
        assertThat(known.causes().get(0).fields())
                .extracting(RouteParity.Field::field)
                .containsExactly("$.Total", "$.total");
        assertThat(known.causes().get(1).fields())
                .extracting(RouteParity.Field::field)
                .containsExactly("$.b");
        assertThat(known.causes().get(0).count()).isEqualTo(10);
        assertThat(known.causes().get(0).users()).isBetween(9L, 11L);
        assertThat(known.causes().get(0).samples()).hasSize(3);
    }

    @Test
    void what_was_before_a_revision_and_before_the_route_changed_is_told_apart() {
        parity.inForce(table(1, "share: 10%"));
        pair(1, json("{\"a\":1}"), json("{\"a\":2}"));
        known(OptionalLong.empty(), 1);
        parity.inForce(table(2, "share: 20%, ignore: [ $.a ]"));
        pair(2, json("{\"a\":1}"), json("{\"a\":2}"));

        RouteParity now = known(OptionalLong.empty(), 1);
        RouteParity all = known(OptionalLong.of(1), 2);

        assertThat(now.since()).isEqualTo(2);
        assertThat(now.matched()).isEqualTo(1);
        assertThat(now.causes()).isEmpty();
        assertThat(all.different()).isEqualTo(1);
        assertThat(all.causes()).hasSize(1);
    }

    @Test
    void a_copy_that_got_no_answer_is_no_difference_and_one_that_was_cut_short_is_not_compared() {
        parity.inForce(table(1, "share: 10%"));
        pair(1, json("{}"), SeenAnswer.none("timeout"));
        pair(1, json("{}"), new SeenAnswer(200, List.of(), new byte[3], "truncated", 1));
        pair(1, json("{}"), json("{}"));
        RouteParity known = known(OptionalLong.empty(), 1);

        assertThat(known.failed()).isEqualTo(1);
        assertThat(known.notCompared()).containsEntry("truncated", 1L);
        assertThat(known.matched()).isEqualTo(1);
        assertThat(known.different()).isZero();
        assertThat(registry.get("banyan.parity.answers")
                        .tag("result", "failed")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void however_many_types_there_are_over_days_few_are_kept() {
        parity.inForce(table(1, "share: 10%"));
        for (int i = 0; i < 60; i++) {
            SeenAnswer answer =
                    new SeenAnswer(200, List.of(new HeaderField("Content-Type", "text/x-" + i)), new byte[0], "", 1);
            pair(1, answer, answer);
            pairs += Duration.ofHours(2).toSeconds();
        }
        RouteParity known = known(OptionalLong.empty(), 60);

        assertThat(known.coverage().byAnswer()).hasSizeLessThanOrEqualTo(11).containsKey("other");
        assertThat(known.coverage().byAnswer().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(60);
    }

    @Test
    void the_metrics_show_the_share_and_the_interval_that_people_are_shown() {
        parity.inForce(table(1, "share: 10%"));
        for (int i = 0; i < 200; i++) {
            pair(1, json("{\"a\":1}"), json(i % 20 == 0 ? "{\"a\":2}" : "{\"a\":1}"));
        }
        RouteParity known = known(OptionalLong.empty(), 200);

        await().untilAsserted(() -> assertThat(ratio("measured")).isEqualTo(0.95));
        assertThat(ratio("lower")).isEqualTo(1 - known.interval().upper()).isBetween(0.8, 0.95);
        assertThat(ratio("upper")).isEqualTo(1 - known.interval().lower()).isBetween(0.95, 1.0);
        parity.inForce(Tables.of(2, "default: rails\nupstreams: { rails: { url: \"http://127.0.0.1:1\" } }\n"));
        assertThat(registry.find("banyan.parity.ratio").gauges()).isEmpty();
    }

    private double ratio(String bound) {
        return registry.get("banyan.parity.ratio").tag("bound", bound).gauge().value();
    }

    @Test
    void however_many_fields_differ_few_are_kept_and_it_says_so() {
        parity.inForce(table(1, "share: 10%"));
        for (int i = 0; i < 300; i++) {
            pair(
                    1,
                    json("{\"a\":1}"),
                    json("{\"a\":1,\"f" + Integer.toString(i, 26).replace('0', 'z') + "x\":1}"));
        }
        RouteParity known = known(OptionalLong.empty(), 300);

        assertThat(known.causes().size()).isLessThanOrEqualTo(200);
        assertThat(known.moreFields()).isTrue();
        assertThat(known.different()).isEqualTo(300);
    }

    @Test
    void of_hostile_pairs_no_more_wait_than_memory_allows() {
        parity.inForce(table(1, "share: 10%"));
        byte[] large = ("[" + "1,".repeat(120_000) + "1]").getBytes(StandardCharsets.UTF_8);
        SeenAnswer answer =
                new SeenAnswer(200, List.of(new HeaderField("Content-Type", "application/json")), large, "", 1);
        int taken = 0;
        for (int i = 0; i < 2_000; i++) {
            taken += parity.read(new ShadowPair(
                            "orders", GET, 1, NOW, 1, 1, "r", Side.LEGACY, answer, answer, SecondLook.NONE))
                    ? 1
                    : 0;
        }

        assertThat(taken).isBetween(1, 1_999);
    }

    @Test
    void a_route_that_is_gone_is_forgotten() {
        parity.inForce(table(1, "share: 10%"));
        pair(1, json("{}"), json("{}"));
        known(OptionalLong.empty(), 1);

        parity.inForce(Tables.onlyDefault(1));

        assertThat(parity.of("orders", OptionalLong.empty(), Instant.EPOCH, Optional.empty()))
                .isEmpty();
        assertThat(registry.find("banyan.parity.answers").counters()).isEmpty();
    }

    private static RoutingTable knowing(long revision, String field, String until) {
        RoutingTable table = table(revision, "share: 10%");
        Flag<KnownDifference> known = new Flag<>(
                new KnownDifference(field, "squad-money", LocalDate.parse(until)), "ann", "MON-12", Instant.EPOCH);
        return table.next(
                revision,
                table.base(),
                Flags.NONE.with("orders", RouteFlags.NONE.withKnown(field, Optional.of(known))));
    }

    @Test
    void what_is_known_does_not_count_and_is_shown_until_its_day_is_over() {
        parity.inForce(table(1, "share: 10%"));
        pair(1, json("{\"a\":1}"), json("{\"a\":2}"));
        known(OptionalLong.empty(), 1);
        parity.inForce(knowing(2, "$.a", "2027-01-10"));
        for (int i = 0; i < 30; i++) {
            pair(2, json("{\"a\":1}"), json("{\"a\":2}"));
        }
        pair(2, json("{\"a\":1,\"b\":1}"), json("{\"a\":2,\"b\":2}"));
        RouteParity today = known(OptionalLong.empty(), 31);

        assertThat(today.known()).isEqualTo(30);
        assertThat(today.different()).isEqualTo(1);
        assertThat(today.verdict().word()).isNotEqualTo(ParityVerdict.Word.DIFFERENT);
        assertThat(today.causes())
                .extracting(cause -> cause.fields().get(0).field()
                        + cause.known().map(flag -> " " + flag.value().owner()).orElse(""))
                .containsExactly("$.a squad-money", "$.b");

        pairs += Duration.ofDays(1).toSeconds();
        pair(2, json("{\"a\":1}"), json("{\"a\":2}"));
        RouteParity tomorrow = known(OptionalLong.empty(), 32);
        assertThat(tomorrow.different()).isEqualTo(2);
        assertThat(tomorrow.causes().get(0).known()).isEmpty();
    }

    @Test
    void a_window_leaves_out_what_is_older_and_after_a_week_all_of_it_is_forgotten() {
        parity.inForce(table(1, "share: 10%"));
        pair(1, json("{\"a\":1}"), json("{\"a\":2}"));
        pairs += Duration.ofHours(3).toSeconds();
        pair(1, json("{}"), json("{}"));
        RouteParity all = known(OptionalLong.empty(), 2);
        RouteParity hour = of(OptionalLong.empty(), Optional.of(Duration.ofHours(1)));
        pairs += Duration.ofDays(8).toSeconds();
        pair(1, json("{}"), json("{}"));
        await().until(() -> of(OptionalLong.empty(), Optional.empty()).compared() == 1);

        assertThat(all.different()).isEqualTo(1);
        assertThat(all.causes()).hasSize(1);
        assertThat(hour.compared()).isEqualTo(1);
        assertThat(hour.causes()).isEmpty();
        assertThat(of(OptionalLong.empty(), Optional.empty()).causes()).isEmpty();
    }

    @Test
    void coverage_says_to_what_and_what_was_compared() {
        parity.inForce(table(1, "share: 10%"));
        for (int i = 0; i < 50; i++) {
            pair(1, json("{}"), json("{}"));
        }
        pair(1, new SeenAnswer(404, List.of(), new byte[0], "", 1), new SeenAnswer(404, List.of(), new byte[0], "", 1));
        RouteParity known = known(OptionalLong.empty(), 51);

        assertThat(known.coverage().byAnswer()).isEqualTo(Map.of("200 application/json", 50L, "404", 1L));
        assertThat(known.coverage().byMatch()).isEqualTo(Map.of(GET, new Counted(0, 51)));
        assertThat(known.coverage().users()).isBetween(49L, 53L);
        assertThat(known.coverage().targets()).isEqualTo(5);
    }

    @Test
    void an_entity_tag_that_stays_when_the_content_changes_is_a_difference_and_one_that_follows_is_none() {
        parity.inForce(table(1, "share: 10%, ignore: [ $.at ]"));
        tagged(1, "{\"a\":1,\"at\":1}", "W/\"l1\"", "W/\"m\"");
        tagged(1, "{\"a\":1,\"at\":2}", "W/\"l2\"", "W/\"m\"");
        tagged(2, "{\"a\":5}", "W/\"l1\"", "W/\"m\"");
        tagged(3, "{\"a\":1}", "W/\"l1\"", "W/\"m1\"");
        tagged(3, "{\"a\":2}", "W/\"l2\"", "W/\"m2\"");
        tagged(1, "{\"a\":1,\"at\":3}", "W/\"l3\"", "W/\"m\"");
        RouteParity right = known(OptionalLong.empty(), 6);
        tagged(1, "{\"a\":2}", "W/\"l4\"", "W/\"m\"");
        RouteParity wrong = known(OptionalLong.empty(), 7);

        assertThat(right.different()).isZero();
        assertThat(wrong.different()).isEqualTo(1);
        assertThat(wrong.causes().get(0).fields().get(0).field()).isEqualTo("header etag");
    }

    /** Both sides say the same, each with its own tag. */
    private void tagged(long user, String body, String legacyTag, String modernTag) {
        pair(new ShadowPair(
                "orders",
                GET,
                1,
                NOW + ++pairs,
                user,
                1,
                "r",
                Side.LEGACY,
                tagged(body, legacyTag),
                tagged(body, modernTag),
                SecondLook.NONE));
    }

    private static SeenAnswer tagged(String body, String tag) {
        return new SeenAnswer(
                200,
                List.of(new HeaderField("Content-Type", "application/json"), new HeaderField("ETag", tag)),
                body.getBytes(StandardCharsets.UTF_8),
                "",
                1);
    }
}
