package dev.banyan.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** By a clock of its own; what the sockets make of it: SeveralAddressesTest. */
class RaceTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Course course = new Course();

    /** A course on which a test says what happens when. */
    private static final class Course implements Race.Course<String, String, String> {
        private final Map<String, Race.Runner<String, String>> runners = new LinkedHashMap<>();
        private final List<String> told = new ArrayList<>();
        private final TreeMap<Long, List<Runnable>> timers = new TreeMap<>();
        private long nowMillis;

        @Override
        public void open(String place, Duration limit, Race.Runner<String, String> runner) {
            told.add(nowMillis + " open " + place + " within " + limit.toMillis());
            runners.put(place, runner);
        }

        @Override
        public void later(Duration delay, Runnable task) {
            timers.computeIfAbsent(nowMillis + delay.toMillis(), none -> new ArrayList<>())
                    .add(task);
        }

        @Override
        public void close(String loser) {
            told.add(nowMillis + " close " + loser);
        }

        @Override
        public void won(String place, String connection) {
            told.add(nowMillis + " won " + place);
        }

        @Override
        public void lost(List<Race.Failure<String, String>> failures) {
            told.add(nowMillis + " lost "
                    + String.join(
                            ",", failures.stream().map(Race.Failure::place).toList()));
        }

        Race.Runner<String, String> at(String place) {
            return Objects.requireNonNull(runners.get(place), place);
        }

        void fails(String place) {
            at(place).failed("refused");
        }

        void until(long millis) {
            while (!timers.isEmpty() && timers.firstKey() <= millis) {
                var due = timers.pollFirstEntry();
                nowMillis = due.getKey();
                due.getValue().forEach(Runnable::run);
            }
            nowMillis = millis;
        }
    }

    private void begin(Duration limit, String... places) {
        new Race<>(List.of(places), limit, course, () -> course.nowMillis * 1_000_000).begin();
    }

    @Test
    void only_the_first_is_begun_while_it_may_stand_at_any_moment() {
        begin(SECOND, "a", "b");

        course.until(249);
        course.at("a").stands("connection");
        course.until(1_000);

        assertThat(course.told).containsExactly("0 open a within 1000", "249 won a");
    }

    @Test
    void the_next_is_begun_after_a_moment_and_who_stands_first_wins() {
        begin(SECOND, "a", "b", "c");

        course.until(300);
        course.at("b").stands("connection");
        course.until(1_000);

        assertThat(course.told).containsExactly("0 open a within 1000", "250 open b within 750", "300 won b");
    }

    @Test
    void who_stands_later_is_closed() {
        begin(SECOND, "a", "b");

        course.until(300);
        course.at("b").stands("b's");
        course.at("a").stands("a's");

        assertThat(course.told).endsWith("300 won b", "300 close a's");
    }

    @Test
    void the_next_is_begun_at_once_when_one_fails_and_has_the_whole_moment_for_itself() {
        begin(SECOND, "a", "b", "c");

        course.until(100);
        course.fails("a");
        course.until(349);
        assertThat(course.told).containsExactly("0 open a within 1000", "100 open b within 900");
        course.until(350);

        assertThat(course.told).endsWith("350 open c within 650");
    }

    @Test
    void the_moment_is_shorter_where_many_must_have_their_turn_in_time() {
        begin(Duration.ofMillis(400), "a", "b", "c");

        course.until(400);

        assertThat(course.told)
                .containsExactly("0 open a within 400", "100 open b within 300", "200 open c within 200");
    }

    @Test
    void it_is_lost_when_the_last_has_failed_and_not_before() {
        begin(SECOND, "a", "b");

        course.until(250);
        course.fails("b");
        assertThat(course.told).noneMatch(event -> event.contains("lost"));
        course.until(1_000);
        course.fails("a");

        assertThat(course.told).endsWith("1000 lost b,a");
    }

    @Test
    void none_is_begun_when_the_time_is_over() {
        begin(Duration.ofMillis(300), "a", "b", "c");
        course.until(75);
        course.timers.clear();
        course.nowMillis = 300;

        course.fails("a");
        course.fails("b");

        assertThat(course.told).noneMatch(event -> event.contains("open c")).endsWith("300 lost a,b");
    }

    @Test
    void a_failure_after_the_end_changes_nothing() {
        begin(SECOND, "a", "b");
        course.until(250);
        course.at("b").stands("b's");

        course.fails("a");

        assertThat(course.told).endsWith("250 won b");
    }
}
