package dev.banyan.routing.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.yaml.Problem;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LastGoodTest {
    private static final String PLATFORM =
            "banyan: 1\ndefault: rails\nupstreams: { rails: { url: http://127.0.0.1:3000 } }\n";
    private static final String A = routes("a: { match: [ GET /a ], legacy: rails }");
    private static final String B = routes("b: { match: [ GET /b ], legacy: rails }");
    private static final SortedMap<String, String> IN_FORCE = files("00.yaml", PLATFORM, "a.yaml", A, "b.yaml", B);

    @Test
    void nothing_changed_and_nothing_is_held_back() {
        Acceptance acceptance = decide(IN_FORCE, IN_FORCE);

        assertThat(acceptance.lastGood()).isEqualTo(IN_FORCE);
        assertThat(acceptance.heldBack()).isEmpty();
        assertThat(routesOf(acceptance)).containsExactly("a", "b");
    }

    @Test
    void a_broken_file_keeps_its_last_good_content_and_holds_back_nobody_else() {
        String betterB = routes("b2: { match: [ GET /b2 ], legacy: rails }");

        Acceptance acceptance =
                decide(IN_FORCE, files("00.yaml", PLATFORM, "a.yaml", A.replace("legacy", "legcy"), "b.yaml", betterB));

        assertThat(told(acceptance))
                .containsExactly("a.yaml: a.yaml:2:35: legcy: no such key of a route; fix: did you mean legacy?");
        assertThat(acceptance.lastGood()).isEqualTo(files("00.yaml", PLATFORM, "a.yaml", A, "b.yaml", betterB));
        assertThat(routesOf(acceptance)).containsExactly("a", "b2");
    }

    @Test
    void a_new_broken_file_stays_away() {
        Acceptance acceptance = decide(IN_FORCE, with(IN_FORCE, "c.yaml", "banyan: 1\nroutes: [\n"));

        assertThat(acceptance.heldBack()).containsOnlyKeys("c.yaml");
        assertThat(acceptance.lastGood()).isEqualTo(IN_FORCE);
    }

    @Test
    void of_two_files_that_want_the_same_route_the_changed_one_is_held_back() {
        Acceptance acceptance =
                decide(IN_FORCE, with(IN_FORCE, "0-first.yaml", routes("b: { match: [ GET /c ], legacy: rails }")));

        assertThat(told(acceptance))
                .containsExactly("0-first.yaml: 0-first.yaml:2:11: route b: is in b.yaml:2:11 too;"
                        + " fix: keep one of them, or give one another id");
    }

    @Test
    void an_ambiguous_match_holds_back_the_file_that_brought_it() {
        Acceptance acceptance =
                decide(IN_FORCE, with(IN_FORCE, "0-first.yaml", routes("c: { match: [ GET /a ], legacy: rails }")));

        assertThat(told(acceptance))
                .containsExactly("0-first.yaml: 0-first.yaml:2:25: match: GET /a of route c and GET /a of route a"
                        + " (a.yaml:2:25) could both win; fix: make one more specific, by path, method, host, headers or"
                        + " query, or remove one");
        assertThat(routesOf(acceptance)).containsExactly("a", "b");
    }

    @Test
    void of_two_new_files_that_exclude_each_other_the_first_is_taken() {
        Acceptance acceptance = decide(
                IN_FORCE,
                with(
                        with(IN_FORCE, "c.yaml", routes("c: { match: [ GET /c ], legacy: rails }")),
                        "d.yaml",
                        routes("d: { match: [ GET /c ], legacy: rails }")));

        assertThat(acceptance.heldBack()).containsOnlyKeys("d.yaml");
        assertThat(routesOf(acceptance)).containsExactly("a", "b", "c");
    }

    @Test
    void a_deletion_that_others_depend_on_is_held_back() {
        Acceptance acceptance = decide(IN_FORCE, without(IN_FORCE, "00.yaml"));

        assertThat(told(acceptance))
                .first()
                .asString()
                .startsWith("00.yaml: 00.yaml:1:1: its deletion does not go with");
        assertThat(told(acceptance)).anyMatch(line -> line.contains("there is no upstream rails"));
        assertThat(acceptance.lastGood()).isEqualTo(IN_FORCE);
        assertThat(routesOf(acceptance)).containsExactly("a", "b");
    }

    @Test
    void a_deletion_that_nobody_minds_is_taken() {
        Acceptance acceptance = decide(IN_FORCE, without(IN_FORCE, "a.yaml"));

        assertThat(acceptance.heldBack()).isEmpty();
        assertThat(acceptance.lastGood()).isEqualTo(without(IN_FORCE, "a.yaml"));
        assertThat(routesOf(acceptance)).containsExactly("b");
    }

    @Test
    void a_route_moves_from_one_file_to_another_beside_a_broken_third() {
        SortedMap<String, String> present = files(
                "00.yaml",
                PLATFORM,
                "b.yaml",
                routes("b: { match: [ GET /b ], legacy: rails }\n  a: { match: [ GET /a ], legacy: rails }"),
                "c.yaml",
                "no: yaml: at all");

        Acceptance acceptance = decide(IN_FORCE, present);

        assertThat(acceptance.heldBack()).containsOnlyKeys("c.yaml");
        assertThat(acceptance.lastGood()).doesNotContainKey("a.yaml");
        assertThat(routesOf(acceptance)).containsExactly("a", "b");
    }

    @Test
    void a_route_does_not_vanish_on_its_way_into_a_file_that_is_held_back() {
        SortedMap<String, String> present = files(
                "00.yaml",
                PLATFORM,
                "a.yaml",
                "banyan: 1\n",
                "b.yaml",
                routes(
                        "b: { match: [ GET /b ], legacy: rails, canary: 5 }\n  a: { match: [ GET /a ], legacy: rails }"));

        Acceptance acceptance = decide(IN_FORCE, present);

        assertThat(acceptance.heldBack()).containsOnlyKeys("a.yaml", "b.yaml");
        assertThat(told(acceptance))
                .contains("a.yaml: a.yaml:1:1: route a went from here to b.yaml, which is held back; fix: mend b.yaml");
        assertThat(routesOf(acceptance)).containsExactly("a", "b");
    }

    @Test
    void a_route_does_not_vanish_on_its_way_into_a_file_that_is_no_yaml() {
        SortedMap<String, String> present = files(
                "00.yaml",
                PLATFORM,
                "a.yaml",
                "banyan: 1\n",
                "b.yaml",
                B + "  a:\n    match: [ GET /a\n    legacy: rails\n");

        Acceptance acceptance = decide(IN_FORCE, present);

        assertThat(acceptance.heldBack()).containsOnlyKeys("a.yaml", "b.yaml");
        assertThat(routesOf(acceptance)).containsExactly("a", "b");
    }

    @Test
    void a_move_is_taken_whole_even_where_a_third_file_wants_the_same_route() {
        SortedMap<String, String> present = files(
                "00.yaml",
                PLATFORM,
                "a.yaml",
                "banyan: 1\n",
                "b.yaml",
                routes("b: { match: [ GET /b ], legacy: rails }\n  a: { match: [ GET /a ], legacy: rails }"),
                "c.yaml",
                routes("a: { match: [ GET /else ], legacy: rails }"));

        Acceptance acceptance = decide(IN_FORCE, present);

        assertThat(routesOf(acceptance)).containsExactly("a", "b");
        assertThat(acceptance.heldBack()).hasSize(1);
    }

    @Test
    void a_change_of_paths_that_breaks_an_unchanged_file_is_held_back() {
        SortedMap<String, String> inForce = files(
                "00.yaml", PLATFORM + "paths: plain\n", "a.yaml", routes("a: { match: [ GET /a/ ], legacy: rails }"));

        Acceptance acceptance = decide(inForce, with(inForce, "00.yaml", PLATFORM));

        assertThat(told(acceptance))
                .containsExactly(
                        "00.yaml: 00.yaml:1:1: its change does not go with a.yaml:2:25: match: GET /a/ ends in a"
                                + " slash, and with paths: rails that makes no difference; fix: write /a");
        assertThat(acceptance.lastGood()).isEqualTo(inForce);
    }

    @Test
    void a_file_that_may_not_change_so_is_held_back_by_the_caller() {
        String moved = routes("b: { match: [ POST /b ], legacy: rails, writes: legacy }");
        TransitionCheck owners = candidate -> candidate.table().routes().values().stream()
                        .anyMatch(route -> route.id().equals("b") && route.coversUnsafe())
                ? List.of(candidate.ofRoute("b", "writes").orElseThrow().problem("writes: moved", "use the command"))
                : List.of();

        Acceptance acceptance = LastGood.decide(
                IN_FORCE,
                with(with(IN_FORCE, "b.yaml", moved), "c.yaml", routes("c: { match: [ GET /c ], legacy: rails }")),
                Map.of(),
                owners,
                new FileReadings());

        assertThat(told(acceptance)).containsExactly("b.yaml: b.yaml:2:51: writes: moved; fix: use the command");
        assertThat(routesOf(acceptance)).containsExactly("a", "b", "c");
    }

    @Test
    void a_refusal_that_names_no_changed_file_holds_back_whatever_brings_it_about() {
        TransitionCheck noC = candidate -> candidate.table().routes().containsKey("c")
                ? List.of(new Problem("elsewhere", 1, 1, "no c", "remove it"))
                : List.of();

        Acceptance acceptance = LastGood.decide(
                IN_FORCE,
                with(
                        with(IN_FORCE, "c.yaml", routes("c: { match: [ GET /c ], legacy: rails }")),
                        "d.yaml",
                        routes("d: { match: [ GET /d ], legacy: rails }")),
                Map.of(),
                noC,
                new FileReadings());

        assertThat(told(acceptance))
                .containsExactly("c.yaml: c.yaml:1:1: its change does not go with elsewhere:1:1: no c; fix: remove it");
        assertThat(routesOf(acceptance)).containsExactly("a", "b", "d");
    }

    @Test
    void an_unreadable_file_is_no_deletion() {
        Problem unreadable =
                new Problem("a.yaml", 1, 1, "cannot be read: permission denied", "let Banyan's user read it");

        Acceptance acceptance = LastGood.decide(
                IN_FORCE,
                without(IN_FORCE, "a.yaml"),
                Map.of("a.yaml", List.of(unreadable)),
                TransitionCheck.NONE,
                new FileReadings());

        assertThat(acceptance.heldBack()).containsExactly(Map.entry("a.yaml", List.of(unreadable)));
        assertThat(routesOf(acceptance)).containsExactly("a", "b");
    }

    @Test
    void at_a_first_start_the_good_files_are_taken() {
        Acceptance acceptance = decide(new TreeMap<>(), with(IN_FORCE, "a.yaml", "nonsense"));

        assertThat(acceptance.heldBack()).containsOnlyKeys("a.yaml");
        assertThat(routesOf(acceptance)).containsExactly("b");
    }

    @Test
    void at_a_first_start_without_any_default_there_is_no_table_and_the_files_say_why() {
        Acceptance acceptance = decide(new TreeMap<>(), files("a.yaml", A, "b.yaml", B));

        assertThat(acceptance.read()).isEmpty();
        assertThat(acceptance.heldBack()).containsOnlyKeys("a.yaml", "b.yaml");
        assertThat(told(acceptance)).allMatch(line -> line.contains("no upstream rails") || line.contains("default"));
    }

    @Property(tries = 300)
    void whatever_is_saved_there_is_a_table_and_unchanged_files_are_in_it(@ForAll long seed) {
        java.util.Random random = new java.util.Random(seed);
        List<String> contents = List.of(
                A,
                B,
                "broken: [",
                "banyan: 1\n",
                routes("a: { match: [ GET /b ], legacy: rails }"),
                routes("c: { match: [ GET /c ], legacy: c }") + "upstreams: { c: { url: http://c } }\n",
                routes("d: { match: [ GET /d ], legacy: c }"),
                "banyan: 1\ndefault: c\n");
        SortedMap<String, String> present = new TreeMap<>();
        for (String file : List.of("00.yaml", "a.yaml", "b.yaml", "c.yaml", "d.yaml")) {
            switch (random.nextInt(4)) {
                case 0 -> {}
                case 1 -> IN_FORCE.forEach((name, text) -> addIf(name.equals(file), present, name, text));
                default -> present.put(file, contents.get(random.nextInt(contents.size())));
            }
        }

        Acceptance acceptance = decide(IN_FORCE, present);

        assertThat(acceptance.read()).isPresent();
        assertThat(RoutesFiles.read(acceptance.lastGood())).isInstanceOf(Reading.Read.class);
        assertThat(acceptance.heldBack()).allSatisfy((file, problems) -> {
            assertThat(problems).isNotEmpty();
            assertThat(present.get(file)).isNotEqualTo(IN_FORCE.get(file));
            assertThat(acceptance.lastGood().get(file)).isEqualTo(IN_FORCE.get(file));
        });
        // Asked again with the outcome in force, it says the same.
        assertThat(decide(acceptance.lastGood(), present).lastGood()).isEqualTo(acceptance.lastGood());
    }

    private static void addIf(boolean condition, Map<String, String> files, String name, String text) {
        if (condition) {
            files.put(name, text);
        }
    }

    private static Acceptance decide(SortedMap<String, String> lastGood, SortedMap<String, String> present) {
        return LastGood.decide(lastGood, present, Map.of(), TransitionCheck.NONE, new FileReadings());
    }

    private static List<String> told(Acceptance acceptance) {
        return acceptance.heldBack().entrySet().stream()
                .flatMap(entry -> entry.getValue().stream().map(problem -> entry.getKey() + ": " + problem))
                .toList();
    }

    private static Iterable<String> routesOf(Acceptance acceptance) {
        return acceptance.read().orElseThrow().table().routes().keySet();
    }

    private static String routes(String text) {
        return "banyan: 1\nroutes: {}\n".replace("{}", "{ " + text.replace("\n ", ",\n ") + " }");
    }

    private static SortedMap<String, String> files(String... namesAndTexts) {
        SortedMap<String, String> files = new TreeMap<>();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            files.put(namesAndTexts[i], namesAndTexts[i + 1]);
        }
        return files;
    }

    private static SortedMap<String, String> with(SortedMap<String, String> files, String name, String text) {
        SortedMap<String, String> more = new TreeMap<>(files);
        more.put(name, text);
        return more;
    }

    private static SortedMap<String, String> without(SortedMap<String, String> files, String name) {
        SortedMap<String, String> fewer = new TreeMap<>(files);
        fewer.remove(name);
        return fewer;
    }
}
