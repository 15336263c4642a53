package dev.banyan.controlplane.parity;

import static dev.banyan.controlplane.parity.compare.Answers.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.contract.RepeatedAnswer;
import dev.banyan.contract.SecondLook;
import dev.banyan.contract.SeenAnswer;
import dev.banyan.contract.ShadowPair;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Side;
import dev.banyan.stores.file.FileNoiseStore;
import dev.banyan.testing.Tables;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What legacy differs in from itself is no difference; what modern gets wrong beside it is one. */
class NoiseTest {
    private static final String GET = "GET /orders/{id}";
    private static final long NOW = Instant.parse("2027-01-10T12:00:00Z").getEpochSecond();

    private final SplittableRandom random = new SplittableRandom(5);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private long requests;

    private static RoutingTable table(long revision, int legacyPort) {
        return Tables.of(revision, """
                default: rails
                upstreams:
                  rails: { url: "http://127.0.0.1:%d" }
                  orders: { url: "http://127.0.0.1:2" }
                routes:
                  orders: { match: "GET /orders/{id}", legacy: rails, modern: orders, shadow: { share: 10%% } }
                """.formatted(legacyPort));
    }

    private String recommended() {
        return random.nextInt(5) == 0 ? "red shoes" : "a green hat";
    }

    private String at(String offset) {
        return "2027-01-10T%02d:%02d:%02d%s"
                .formatted(random.nextInt(24), random.nextInt(60), random.nextInt(60), offset);
    }

    /** An answer in which one field is noisy, one is a clock and one is what counts. */
    private SeenAnswer answer(String offset, String amount) {
        return json("{\"try\":\"%s\",\"at\":\"%s\",\"amount\":\"%s\"}".formatted(recommended(), at(offset), amount));
    }

    private void pair(Parity parity, SeenAnswer legacy, SeenAnswer modern) {
        long number = ++requests;
        ShadowPair pair = new ShadowPair(
                "orders",
                GET,
                9,
                NOW,
                7 * number + 1,
                number % 5,
                "r-" + number,
                Side.LEGACY,
                legacy,
                modern,
                SecondLook.NONE);
        taken(() -> parity.read(pair));
    }

    private void twice(Parity parity, SeenAnswer first, SeenAnswer second) {
        RepeatedAnswer repeated = new RepeatedAnswer("orders", GET, ++requests, "r-" + requests, first, second);
        taken(() -> parity.read(repeated));
    }

    /** Its queue is bounded, and a test is faster than any traffic. */
    private static void taken(Callable<Boolean> read) {
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5)).until(read);
    }

    /** So many pairs, and after one in so many legacy's two answers to another request. */
    private void traffic(Parity parity, int count, int repeatOneIn, Supplier<SeenAnswer> modern) {
        for (int i = 0; i < count; i++) {
            pair(parity, answer("Z", "1.00"), modern.get());
            if (i % repeatOneIn == 0) {
                twice(parity, answer("Z", "1.00"), answer("Z", "1.00"));
            }
        }
    }

    private static RouteParity of(Parity parity) {
        return parity.of("orders", OptionalLong.empty(), Instant.ofEpochSecond(NOW), Optional.empty())
                .orElseThrow();
    }

    private static RouteParity of(Parity parity, long compared, long repeats) {
        await().until(() -> of(parity).compared() >= compared && of(parity).repeats() >= repeats);
        return of(parity);
    }

    private static List<String> standings(RouteParity known) {
        return known.causes().stream()
                .flatMap(cause -> cause.fields().stream()
                        .map(field -> field.field() + " " + field.kind() + " " + cause.standing()))
                .sorted()
                .toList();
    }

    @Test
    void a_noisy_field_and_a_clock_are_noise_and_prove_nothing_wrong() {
        try (Parity parity = Parity.start(registry)) {
            parity.inForce(table(1, 1));
            traffic(parity, 2_000, 1, () -> answer("Z", "1.00"));
            RouteParity known = of(parity, 2_000, 2_000);

            assertThat(standings(known)).containsExactly("$.at VALUE NOISE", "$.try VALUE NOISE");
            assertThat(known.different()).isZero();
            assertThat(known.undecided()).isZero();
            assertThat(known.matched()).isEqualTo(2_000);
            assertThat(known.noisy()).isGreaterThan(1_900);
        }
    }

    @Test
    void what_modern_gets_wrong_in_one_answer_of_a_hundred_is_found_beside_the_noise() {
        try (Parity parity = Parity.start(registry)) {
            parity.inForce(table(1, 1));
            traffic(parity, 6_000, 3, () -> answer("Z", random.nextInt(100) == 0 ? "1.01" : "1.00"));
            RouteParity known = of(parity, 6_000, 2_000);

            assertThat(standings(known)).contains("$.amount VALUE DIFFERENT", "$.try VALUE NOISE");
            assertThat(known.different()).isBetween(20L, 110L);
            assertThat(known.verdict().word()).isEqualTo(ParityVerdict.Word.DIFFERENT);
        }
    }

    @Test
    void a_word_that_legacy_never_says_is_found_in_a_field_that_is_one_of_a_few_by_chance() {
        try (Parity parity = Parity.start(registry)) {
            parity.inForce(table(1, 1));
            traffic(
                    parity,
                    3_000,
                    1,
                    () -> random.nextInt(20) == 0
                            ? json("{\"try\":\"a blue cap\",\"at\":\"%s\",\"amount\":\"1.00\"}".formatted(at("Z")))
                            : answer("Z", "1.00"));
            RouteParity known = of(parity, 3_000, 3_000);

            assertThat(standings(known))
                    .containsExactly("$.at VALUE NOISE", "$.try SHAPE DIFFERENT", "$.try VALUE NOISE");
            assertThat(known.different()).isBetween(50L, 200L);
        }
    }

    @Test
    void a_clock_in_another_time_zone_is_found_though_it_never_says_the_same_twice() {
        try (Parity parity = Parity.start(registry)) {
            parity.inForce(table(1, 1));
            traffic(parity, 600, 1, () -> answer("+01:00", "1.00"));
            RouteParity known = of(parity, 600, 600);

            assertThat(standings(known)).contains("$.at SHAPE DIFFERENT", "$.at VALUE NOISE");
            assertThat(known.different()).isEqualTo(600);
        }
    }

    @Test
    void what_was_learnt_survives_a_restart_and_is_forgotten_with_the_upstream(@TempDir Path data) throws Exception {
        try (Parity parity = Parity.start(registry)) {
            parity.remember(new FileNoiseStore(data));
            parity.inForce(table(1, 1));
            for (int i = 0; i < 300; i++) {
                twice(parity, answer("Z", "1.00"), answer("Z", "1.00"));
            }
            await().until(() -> parity.repeatsKnown("orders") == 300);
        }
        try (Parity again = Parity.start(new SimpleMeterRegistry())) {
            again.remember(new FileNoiseStore(data));
            again.inForce(table(1, 1));
            long before = again.repeatsKnown("orders");
            for (int i = 0; i < 600; i++) {
                pair(again, answer("Z", "1.00"), answer("Z", "1.00"));
            }
            RouteParity known = of(again, 600, 300);

            assertThat(before).isEqualTo(300);
            assertThat(standings(known)).contains("$.at VALUE NOISE");
            assertThat(Files.readString(data.resolve("noise.json"))).doesNotContain("shoes");

            again.inForce(table(2, 3));
            assertThat(again.repeatsKnown("orders")).isZero();
        }
        try (Parity other = Parity.start(new SimpleMeterRegistry())) {
            other.remember(new FileNoiseStore(data));
            other.inForce(table(3, 3));
            pair(other, answer("Z", "1.00"), answer("Z", "1.00"));

            assertThat(of(other, 1, 0).repeats()).isZero();
        }
    }
}
