package dev.banyan.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class UserSketchTest {

    private static UserSketch of(int from, int to) {
        UserSketch sketch = new UserSketch();
        IntStream.range(from, to).forEach(user -> sketch.add("user:" + user));
        return sketch;
    }

    /** Within five times the standard error, so that chance fails it once in a million tries. */
    @Property(tries = 60)
    void it_is_right_within_a_few_percent(
            @ForAll @IntRange(max = 1_000_000) int first, @ForAll @IntRange(min = 1, max = 100_000) int users) {
        UserSketch sketch = of(first, first + users);

        assertThat((double) sketch.estimate()).isCloseTo(users, within(1 + 0.08 * users));
    }

    @Test
    void a_few_users_are_counted_exactly_and_one_counts_once() {
        UserSketch sketch = of(0, 12);
        IntStream.range(0, 1000).forEach(again -> sketch.add("user:7"));

        assertThat(new UserSketch().estimate()).isZero();
        assertThat(sketch.estimate()).isEqualTo(12);
    }

    @Test
    void together_two_count_a_user_of_both_once() {
        assertThat(of(0, 3000).with(of(1000, 4000))).isEqualTo(of(0, 4000));
    }

    @Test
    void it_comes_back_from_its_bytes() {
        UserSketch sketch = of(0, 5000);

        assertThat(UserSketch.of(sketch.toBytes())).isEqualTo(sketch);
        assertThatThrownBy(() -> UserSketch.of(new byte[7])).hasMessageContaining("7");
        byte[] wrong = sketch.toBytes();
        wrong[3] = 64;
        assertThatThrownBy(() -> UserSketch.of(wrong)).hasMessageContaining("register 3: 64");
    }

    @Test
    void several_threads_add_as_one_would() {
        UserSketch sketch = new UserSketch();

        CompletableFuture.allOf(IntStream.range(0, 4)
                        .mapToObj(thread -> CompletableFuture.runAsync(() -> IntStream.range(0, 20_000)
                                .filter(user -> user % 2 == 0 || user % 4 == thread)
                                .forEach(user -> sketch.add("user:" + user))))
                        .toArray(CompletableFuture[]::new))
                .join();

        assertThat(sketch)
                .isEqualTo(IntStream.range(0, 20_000)
                        .filter(user -> user % 2 == 0 || user % 4 == 1 || user % 4 == 3)
                        .collect(UserSketch::new, (all, user) -> all.add("user:" + user), UserSketch::with));
    }
}
