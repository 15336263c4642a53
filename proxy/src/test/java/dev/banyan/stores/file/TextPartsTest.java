package dev.banyan.stores.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TextPartsTest {
    private static final int LINES = 20_000;

    private static List<String> lines(Random random) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < LINES; i++) {
            lines.add("  route-" + i + ": { match: GET /things/" + random.nextInt() + ", legacy: rails }\n");
        }
        return lines;
    }

    @Property(tries = 200)
    void joined_they_are_the_text(@ForAll String text) {
        assertThat(String.join("", TextParts.of(text))).isEqualTo(text);
    }

    @Property(tries = 30)
    void a_line_that_changes_comes_or_goes_changes_few_parts(
            @ForAll Random random, @ForAll @IntRange(max = LINES - 1) int at, @ForAll @IntRange(max = 2) int how) {
        List<String> lines = lines(random);
        Set<String> before = new HashSet<>(TextParts.of(String.join("", lines)));
        switch (how) {
            case 0 -> lines.set(at, "  another: { match: GET /a, legacy: rails }\n");
            case 1 -> lines.add(at, "  another: { match: GET /a, legacy: rails }\n");
            default -> lines.remove(at);
        }

        String after = String.join("", lines);
        List<String> fresh = new ArrayList<>(TextParts.of(after));
        assertThat(String.join("", fresh)).isEqualTo(after);
        assertThat(fresh).hasSizeGreaterThan(20);
        fresh.removeAll(before);
        assertThat(fresh).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void a_text_of_lines_that_are_all_the_same_has_no_more_parts_than_its_size_allows() {
        for (int i = 0; i < 2_000; i++) {
            String text = ("line " + i + "\n").repeat(10_000);

            assertThat(TextParts.of(text)).hasSizeLessThanOrEqualTo(text.length() / 2048 + 1);
        }
    }
}
