package dev.banyan.routing.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.BaseTable;
import dev.banyan.routing.Endpoint;
import dev.banyan.routing.PathRules;
import dev.banyan.routing.Route;
import dev.banyan.routing.Share;
import dev.banyan.routing.StickBy;
import dev.banyan.routing.Upstream;
import dev.banyan.yaml.Position;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class RoutesFilesTest {

    @TestFactory
    Stream<DynamicTest> every_problem_of_a_table_is_told_with_its_place_and_a_fix() {
        return Cases.all().stream()
                .map(table -> DynamicTest.dynamicTest(
                        table.name(),
                        () -> assertThat(Cases.told(RoutesFiles.read(table.files())))
                                .isEqualTo(table.expected())));
    }

    @Test
    void a_route_with_one_side_need_not_say_who_owns_its_data_that_side_does() {
        BaseTable table = table("""
                banyan: 1
                default: rails
                upstreams:
                  rails: { url: "http://127.0.0.1:3000" }
                  orders: { url: "http://127.0.0.1:3001" }
                routes:
                  old: { match: [ POST /old ], legacy: rails }
                  done: { match: [ /done ], modern: orders }
                """);

        assertThat(table.routes())
                .hasEntrySatisfying("old", route -> assertThat(route.writes()).contains(Route.Writes.LEGACY))
                .hasEntrySatisfying("done", route -> assertThat(route.writes()).contains(Route.Writes.MODERN));
        assertThat(RoutesFiles.read(new TreeMap<>(Map.of("again.yaml", TableText.file(table)))))
                .isInstanceOfSatisfying(
                        Reading.Read.class, again -> assertThat(again.table()).isEqualTo(table));
    }

    @Test
    void what_a_file_leaves_out_has_its_default() {
        BaseTable table = table("""
                banyan: 1
                default: rails
                upstreams:
                  rails:
                    url: http://127.0.0.1:3000
                  accounts:
                    url: https://accounts.internal
                routes:
                  accounts:
                    match: [ GET /accounts ]
                    legacy: rails
                    modern: accounts
                """);

        assertThat(table.paths()).isEqualTo(PathRules.RAILS);
        assertThat(table.upstreams().get("accounts"))
                .isEqualTo(new Upstream(
                        "accounts",
                        new Upstream.Fixed(List.of(new Endpoint(true, "accounts.internal", 443))),
                        Upstream.Protocol.HTTP1,
                        Upstream.Tls.SYSTEM,
                        Upstream.Balance.LEAST_REQUESTS,
                        Upstream.Timeouts.DEFAULT,
                        Duration.ofSeconds(15),
                        new Upstream.Limits(512, 1024, Duration.ofSeconds(1)),
                        new Upstream.Retries(1, new Share(2000), 3),
                        new Upstream.Breaker(new Share(5000), 100, Duration.ofSeconds(10)),
                        Optional.empty(),
                        new Upstream.Outlier(5, Duration.ofSeconds(30), new Share(5000))));
        Route route = Objects.requireNonNull(table.routes().get("accounts"));
        assertThat(route.canary()).isEqualTo(Share.NONE);
        assertThat(route.cohort()).isEqualTo("accounts");
        assertThat(route.pilots()).isEmpty();
        assertThat(route.stickBy()).containsExactly(new StickBy.User(), new StickBy.Cookie());
        assertThat(route.writes()).isEmpty();
        assertThat(route.fence()).isEqualTo(Duration.ofSeconds(10));
        assertThat(route.fallback()).contains(Route.Fallback.DEFAULT);
        assertThat(route.formats()).containsExactly("json");
        assertThat(route.rewrite()).isEmpty();
        assertThat(route.shadow()).isEqualTo(Route.Shadow.OFF);
        assertThat(route.ramp()).isEmpty();
        assertThat(route.holdBodyBytes()).isEqualTo(64 * 1024);
    }

    @Test
    void every_key_that_is_written_is_kept() {
        BaseTable table = tableOf("good-every-key");
        Upstream rails = table.upstreams().getOrDefault("rails", null);
        Route route = table.routes().getOrDefault("accounts", null);

        assertThat(table.paths()).isEqualTo(PathRules.PLAIN);
        assertThat(rails)
                .hasToString("Upstream[id=rails, address=Fixed[endpoints=[https://rails-1.internal:443,"
                        + " https://rails-2.internal:8443]], protocol=H2, tls=Tls[ca=Optional[/etc/banyan/ca.pem],"
                        + " serverName=Optional[rails.internal]], balance=ROUND_ROBIN, timeouts=Timeouts[connect=PT0.25S,"
                        + " response=PT1M, idle=PT2M, total=Optional[PT5M]], keepAlive=PT10S,"
                        + " limits=Limits[concurrent=64, queue=0, queueTimeout=PT0.5S], retries=Retries[attempts=2,"
                        + " budget=0.05%, atLeastPerSecond=10], breaker=Breaker[failures=25%, over=50, openFor=PT30S],"
                        + " health=Optional[Health[path=/up?full=1, every=PT10S, unhealthyAfter=5, healthyAfter=1]],"
                        + " outlier=Outlier[errors=3, ejectFor=PT1M, atMost=30%]]");
        assertThat(route)
                .hasToString(
                        "Route[id=accounts, match=[GET,HEAD /accounts/{id}/,"
                                + " { methods: [ PUT ], path: \"/accounts/{id}\", host: \"*.example.com\","
                                + " headers: { x-beta: \"yes\", x-trace: null }, query: { v: \"2\" } }], legacy=Optional[rails],"
                                + " modern=Optional[accounts], canary=0.05%, cohort=wave-1, pilots=[user:42, X-User-Id:7],"
                                + " stickBy=[user, header:X-User-Id, ip], writes=Optional[EITHER], fence=PT1M,"
                                + " fallback=Optional[Fallback[statuses=[500]]], formats=[json],"
                                + " rewrite=Optional[/v2/accounts/{id}], shadow=Shadow[share=1%, of=BOTH, methods=[GET],"
                                + " writesAreSafe=true, noise=5%, settle=PT2S, preset=OFF, ignore=[$.a[*].b, $..at, p > a @href], unordered=[$],"
                                + " tolerance=Optional[0.01], anonymous=0.1%, probe=0.2%,"
                                + " readback=Optional[ReadBack[path=Optional[/accounts/{id}], settle=PT0.5S]], values=true], ramp=Optional[Ramp[steps=[1%, 100%], hold=PT1H,"
                                + " gates=Gates[errors=Optional[0.1%], p99=Optional[1.25], parity=Optional[99.95%]],"
                                + " onFailure=HOLD, versionHeader=Optional[X-Version]]], holdBodyBytes=1048576, squad=Optional[Payments: in and out]]");
    }

    @Test
    void the_place_of_every_key_is_known() {
        Reading.Read read = (Reading.Read) RoutesFiles.read(files("good-product-example"));

        assertThat(read.ofRoute("transactions", "canary")).contains(new Position("routes/transactions.yaml", 15, 5));
        assertThat(read.ofRoute("transactions", "fence")).contains(new Position("routes/transactions.yaml", 8, 3));
        assertThat(read.positions())
                .containsEntry("upstreams.rails", new Position("routes/00-platform.yaml", 6, 3))
                .containsEntry("upstreams.rails.url", new Position("routes/00-platform.yaml", 7, 5));
    }

    @Test
    void a_pilot_by_a_header_is_spelt_as_in_stick_by() {
        BaseTable table = tableOf("pilots-that-never-come-up");

        assertThat(Objects.requireNonNull(table.routes().get("accounts")).pilots())
                .isEqualTo(List.of("X-User-Id:7", "user:42", "ip:10.0.0.1"));
    }

    @Test
    void without_any_file_that_is_the_problem() {
        assertThat(Cases.told(RoutesFiles.read(new TreeMap<>())))
                .isEqualTo("routes:1:1: no file says where everything unmatched goes;"
                        + " fix: write default: UPSTREAM in one file, such as this one\n");
    }

    @Test
    void a_file_of_nothing_but_mistakes_is_cut_short() {
        StringBuilder text = new StringBuilder("banyan: 1\n");
        for (int i = 0; i < 10_000; i++) {
            text.append("key").append(i).append(": 1\n");
        }

        Reading reading = RoutesFiles.read(new TreeMap<>(java.util.Map.of("routes/a.yaml", text.toString())));

        assertThat(Cases.told(reading).lines()).hasSizeLessThan(110).anyMatch(line -> line.contains("more than 100"));
    }

    @Test
    void a_huge_file_is_refused_at_once() {
        String text = "banyan: 1\n# " + "x".repeat(2 << 20);

        assertThat(Cases.told(RoutesFiles.read(new TreeMap<>(java.util.Map.of("routes/a.yaml", text)))))
                .startsWith("routes/a.yaml:1:1: the file is larger than 1MiB; fix: split it");
    }

    @Test
    void a_million_brackets_are_no_problem() {
        String text = "[".repeat(1 << 20);

        assertThat(Cases.told(RoutesFiles.read(new TreeMap<>(java.util.Map.of("routes/a.yaml", text)))))
                .startsWith("routes/a.yaml:1:33: nested too deep");
    }

    @Test
    void characters_of_two_halves_are_read_wherever_they_stand() {
        for (int at = 900; at < 2200; at++) {
            String text = "banyan: 1\n# " + "x".repeat(at) + "\ud83d\ude00\ndefault: 7\n";

            Reading reading = RoutesFiles.read(new TreeMap<>(java.util.Map.of("routes/a.yaml", text)));

            assertThat(Cases.told(reading)).startsWith("routes/a.yaml:3:10: default: 7 is a number");
        }
    }

    @Test
    void half_a_character_is_told_with_its_place() {
        Reading reading = RoutesFiles.read(new TreeMap<>(java.util.Map.of("routes/a.yaml", "banyan: 1\nx: \ud83d")));

        assertThat(Cases.told(reading))
                .isEqualTo("routes/a.yaml:2:4: a character that YAML does not allow (U+D83D); fix: remove it\n");
    }

    @Test
    void thousands_of_rival_matches_are_found_in_no_time() {
        StringBuilder text =
                new StringBuilder("banyan: 1\ndefault: rails\nupstreams: { rails: { url: http://a } }\nroutes:\n");
        for (int i = 0; i < 5_000; i++) {
            text.append("  r").append(i).append(": { match: [ GET /a ], legacy: rails }\n");
        }

        Reading reading = RoutesFiles.read(new TreeMap<>(java.util.Map.of("routes/a.yaml", text.toString())));

        assertThat(((Reading.Broken) reading).problems()).hasSize(100);
    }

    private static BaseTable table(String yaml) {
        return ((Reading.Read) RoutesFiles.read(new TreeMap<>(java.util.Map.of("routes/a.yaml", yaml)))).table();
    }

    private static BaseTable tableOf(String name) {
        return ((Reading.Read) RoutesFiles.read(files(name))).table();
    }

    private static SortedMap<String, String> files(String name) {
        return Cases.all().stream()
                .filter(table -> table.name().equals(name))
                .findFirst()
                .orElseThrow()
                .files();
    }

    @Test
    void there_are_cases_of_good_tables_too() {
        assertThat(Cases.all().stream().filter(Cases.Case::isGood).map(Cases.Case::name))
                .containsAll(Set.of("good-every-key", "good-product-example"));
    }
}
