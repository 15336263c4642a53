package dev.banyan.routing.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.PathRules;
import dev.banyan.routing.match.NormalPath.Normal;
import dev.banyan.routing.match.NormalPath.Refused;
import dev.banyan.routing.match.NormalPath.Usable;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NormalPathTest {

    @ParameterizedTest
    @CsvSource({
        "/%61pi, /api",
        "/a%2Db%5Fc%7e, /a-b_c~",
        "/a%2fb%c3%a9, /a%2Fb%C3%A9",
        "//a///b//, /a/b/",
        "/a/./b, /a/b",
        "/a/../b, /b",
        "/a//../b, /b",
        "/a/%2e%2e/b, /b",
        "/a/.%2E/b/%2e, /b/",
        "/a/b/.., /a/",
        "/a/.., /",
        "/.well-known/x, /.well-known/x",
        "/a/...;x, /a/...;x",
        "/a;v=1/b, /a;v=1/b",
        "/a%252e%252e/b, /a%252e%252e/b",
        "/a|b[c], /a%7Cb%5Bc%5D",
        "/caf\u00e9, /caf%E9",
        "*, *",
        "/, /"
    })
    void it_decodes_then_merges_then_resolves(String raw, String normal) {
        assertThat(NormalPath.of(raw, PathRules.RAILS))
                .isInstanceOfSatisfying(
                        Usable.class, read -> assertThat(read.path()).isEqualTo(normal));
    }

    @ParameterizedTest
    @CsvSource({
        "/a;v=1/b, /a/b",
        "/a/b;v=1, /a/b",
        "/a;/b;/, /a/b/",
        "/;/a, /a",
        "//;x=/..y;z//a/;, /..y/a/",
        "/;, /",
        "/a%3bv/b, /a/b",
        "/a%3Bv;w/b, /a/b",
        "/a;%2e%2e/b, /a/b",
        "/a;b%2F../c, ",
        "/t.json;v=1, /t.json",
        "/t;v=1.json, /t",
        "/a;x/../b;y, /b",
        "/a%253Bv, ",
        "/a/b, ",
        "*, "
    })
    void what_has_parameters_is_read_without_them_as_well(String raw, @Nullable String without) {
        assertThat(NormalPath.of(raw, PathRules.RAILS) instanceof Usable read ? read.withoutParameters() : null)
                .isEqualTo(without);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/.", "/..", "/a/./b", "/a/../b", "/a/%2e", "/%2E./a", "/a/.%2e", "/../.."})
    void dot_segments_are_found_in_a_path_as_it_came(String raw) {
        assertThat(NormalPath.hasDotSegment(raw)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "*", "/...", "/.a", "/a.", "/a/..b/", "/%2e%2e%2e", "/a//b", "/.%2", "/%252e", "/.%2f"})
    void other_dots_are_none(String raw) {
        assertThat(NormalPath.hasDotSegment(raw)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a%5cb",
                "/a%5Cb",
                "/a\\b",
                "/a%00",
                "/a\u0000",
                "/a\tb",
                "/a b",
                "/a\u007f",
                "/a%",
                "/a%2",
                "/a%zz",
                "/a%%32e",
                "/..;/a",
                "/a/..;x=1/b",
                "/a/.;x/b",
                "/a/..%3b/b",
                "/a/.%2e;/b",
                "/a/..%2fb",
                "/a/x%2f..%2fb",
                "/a/%2e%2e%2f",
                "/..",
                "/../a",
                "/a/../../b",
                "/;/..",
                "/a/;x/../b",
                "/a/%3bx/%2e%2e",
                "/%2e%2e/a",
                "/a#b",
                "/a?b",
                "a/b",
                "",
                "http://x/",
                "/\u20ac"
            })
    void what_could_be_read_in_two_ways_is_refused(String raw) {
        assertThat(NormalPath.of(raw, PathRules.RAILS)).isInstanceOf(Refused.class);
        assertThat(NormalPath.of(raw, PathRules.PLAIN)).isInstanceOf(Refused.class);
    }

    @Test
    void an_encoded_slash_is_data_to_rails_and_refused_otherwise() {
        assertThat(NormalPath.of("/files/a%2fb", PathRules.RAILS)).isEqualTo(new Normal("/files/a%2Fb"));
        assertThat(NormalPath.of("/files/a%2Fb", PathRules.PLAIN)).isInstanceOf(Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/api/transactions/42", "/a%20b/.well-known/..x/", "/caf%C3%A9", "/.a/b.json", "*"})
    void a_normal_path_comes_back_as_the_same_string(String path) {
        assertThat(PathNormaliser.isOrdinary(path)).isTrue();
        assertThat(((Normal) NormalPath.of(path, PathRules.PLAIN)).path()).isSameAs(path);
    }

    @ParameterizedTest
    @EnumSource(PathRules.class)
    void no_byte_but_those_of_the_grammar_comes_through_raw(PathRules rules) {
        for (char c = 0; c < 256; c++) {
            if (NormalPath.of("/x" + c, rules) instanceof Usable normal) {
                assertThat(normal.path()).matches("/(x([A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-F]{2})|x/)");
            }
        }
    }

    @Property(tries = 1000)
    void normalising_twice_changes_nothing_more(@ForAll("tricky") String raw, @ForAll PathRules rules) {
        if (NormalPath.of(raw, rules) instanceof Usable normal) {
            assertThat(NormalPath.of(normal.path(), rules)).isEqualTo(normal);
            assertThat(NormalPath.of(normal.path(), PathRules.RAILS)).isEqualTo(normal);
        }
    }

    @Property(tries = 1000)
    void parameters_may_be_cut_off_before_or_after(@ForAll("tricky") String raw, @ForAll PathRules rules) {
        if (NormalPath.of(raw, rules) instanceof Usable read) {
            String cut = raw.replaceAll("(?i)(;|%3b)[^/]*", "");
            String without = read.withoutParameters();

            assertThat(NormalPath.of(cut, rules)).isEqualTo(new Normal(without == null ? read.path() : without));
        }
    }

    @Property(tries = 1000)
    void a_path_without_dot_segments_is_no_other_once_they_are_resolved(@ForAll("tricky") String raw) {
        if (NormalPath.of(raw, PathRules.PLAIN) instanceof Usable read && !NormalPath.hasDotSegment(raw)) {
            assertThat(slashes(read.path())).isEqualTo(slashes(raw.replaceAll("/+", "/")));
        }
    }

    private static long slashes(String path) {
        return path.chars().filter(c -> c == '/').count();
    }

    @Property(tries = 1000)
    void the_fast_way_and_the_long_way_agree(@ForAll("tricky") String raw) {
        if (PathNormaliser.isOrdinary(raw) && !raw.equals("*")) {
            assertThat(PathNormaliser.normalise(raw, PathRules.PLAIN)).isEqualTo(new Normal(raw));
        }
    }

    /** Who decodes everything, cuts parameters off and resolves ends up where we said, or at the same place within it. */
    @Property(tries = 1000)
    void the_normal_path_never_leads_elsewhere_than_a_lenient_server_would_go(@ForAll("tricky") String raw) {
        if (NormalPath.of(raw, PathRules.PLAIN) instanceof Usable normal) {
            assertThat(lenient(normal.path())).isEqualTo(lenient(raw));
            assertThat(normal.path())
                    .doesNotContain("//", "/./", "/../", "\\")
                    .doesNotEndWith("/.")
                    .doesNotEndWith("/..");
        }
    }

    private static List<String> lenient(String path) {
        List<String> segments = new ArrayList<>();
        for (String segment : URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.ISO_8859_1)
                .split("/", -1)) {
            String name = segment.contains(";") ? segment.substring(0, segment.indexOf(';')) : segment;
            if (name.equals("..")) {
                assertThat(segments).as("not above the root").isNotEmpty();
                segments.remove(segments.size() - 1);
            } else if (!segment.isEmpty() && !name.equals(".")) {
                segments.add(segment);
            }
        }
        return segments;
    }

    @Provide
    Arbitrary<String> tricky() {
        return Arbitraries.of(
                        "/", "/", "/", ".", "..", "%2e", "%2E", "%2f", "%2F", ";", "%3b", "a", "b", "api", "%61", "%25",
                        "%", "2e", "%c3", "x=1", "%5c", "%00", "//", "...", "json", "\u00e9", "|")
                .list()
                .ofMaxSize(12)
                .map(parts -> "/" + String.join("", parts));
    }
}
