package dev.banyan.controlplane.revisions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.Flags;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.file.Reading;
import dev.banyan.routing.file.RoutesFiles;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TableDiffTest {
    private static final String PLATFORM = "default rails\nupstream rails port=3000\nupstream modern port=8081\n";
    private static final String ROUTE = "route t match=GET:/t,GET:/u legacy=rails modern=modern canary=25 shadow=10\n";

    private static RoutingTable table(String text) {
        Reading reading = RoutesFiles.read(new TreeMap<>(Map.of("a", Lines.toYaml(text))));
        return RoutingTable.of(1, ((Reading.Read) reading).table(), Flags.NONE);
    }

    private static List<String> diff(String before, String after) {
        return TableDiff.between(table(before), table(after));
    }

    @Test
    void the_same_tables_differ_in_nothing() {
        assertThat(diff(PLATFORM + ROUTE, PLATFORM + ROUTE)).isEmpty();
    }

    @Test
    void a_canary_and_a_shadow_are_told_from_to() {
        assertThat(diff(PLATFORM + ROUTE, PLATFORM + ROUTE.replace("canary=25 shadow=10", "canary=50 shadow=0")))
                .containsExactly("t: canary 25% -> 50%", "t: shadow.share 10% -> 0%");
    }

    @Test
    void a_setting_of_an_upstream_is_named_as_files_name_it() {
        assertThat(diff(PLATFORM, PLATFORM.replace("port=3000", "port=3001 response=120")))
                .containsExactly(
                        "upstream rails: url http://127.0.0.1:3000 -> http://127.0.0.1:3001",
                        "upstream rails: timeouts.response 15s -> 2m");
    }

    @Test
    void routes_and_upstreams_come_and_go() {
        assertThat(diff(PLATFORM, PLATFORM + "upstream new port=1\n" + ROUTE))
                .containsExactly(
                        "t: added (legacy rails, modern modern, canary 25%)",
                        "upstream new: added (url http://127.0.0.1:1)");
        assertThat(diff(PLATFORM + "upstream new port=1\n" + ROUTE, PLATFORM))
                .containsExactly("t: removed", "upstream new: removed");
    }

    @Test
    void of_a_list_only_what_comes_and_goes_is_told() {
        assertThat(diff(PLATFORM + ROUTE, PLATFORM + ROUTE.replace("GET:/u", "GET:/v")))
                .containsExactly("t: match without GET /u", "t: match with GET /v");
    }

    @Test
    void a_route_that_loses_a_side_says_so() {
        assertThat(diff(PLATFORM + ROUTE, PLATFORM + ROUTE.replace("legacy=rails ", "")))
                .containsExactly("t: legacy rails -> none");
    }

    @Test
    void another_default_is_told() {
        assertThat(diff(PLATFORM, PLATFORM.replace("default rails", "default modern")))
                .containsExactly("default: rails -> modern");
    }
}
