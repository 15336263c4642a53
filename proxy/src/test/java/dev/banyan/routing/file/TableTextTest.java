package dev.banyan.routing.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.routing.BaseTable;
import dev.banyan.routing.Route;
import dev.banyan.routing.Upstream;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class TableTextTest {

    @Property(tries = 200)
    void a_written_table_reads_back_as_it_was(@ForAll long seed) {
        BaseTable table = Tables.ofSeed(seed);

        String text = TableText.write(table);

        assertThat(TableText.read(text)).as(text).isEqualTo(table);
        assertThat(TableText.write(TableText.read(text))).isEqualTo(text);
    }

    @Property(tries = 200)
    void a_table_is_a_file_too_without_the_defaults(@ForAll long seed) {
        BaseTable table = Tables.ofSeed(seed);

        Reading reading = RoutesFiles.read(new TreeMap<>(Map.of("table.yaml", TableText.file(table))));

        assertThat(reading)
                .as(() -> TableText.file(table) + Cases.told(reading))
                .isInstanceOf(Reading.Read.class);
        assertThat(((Reading.Read) reading).table()).isEqualTo(table);
    }

    /** As a version with other defaults wrote it: where nothing is said, what was usual then. */
    @Property(tries = 50)
    void what_a_table_left_to_the_defaults_of_its_time_stays_so(@ForAll long seed) {
        BaseTable table = Tables.ofSeed(seed);
        String ofThen = TableText.write(table)
                .replace("fence: 10s", "fence: 11s")
                .replace("connect: 1s", "connect: 1100ms")
                .replace(
                        "    health: off",
                        "    health: { path: /then, every: 9s, unhealthy-after: 4, healthy-after: 1 }");
        BaseTable read = TableText.read(ofThen);

        table.routes()
                .forEach((id, route) -> assertThat(route(read, id).fence())
                        .isEqualTo(route.fence().equals(Route.DEFAULT_FENCE) ? Duration.ofSeconds(11) : route.fence()));
        table.upstreams().forEach((id, upstream) -> {
            Duration connect = upstream.timeouts().connect();
            assertThat(upstream(read, id).timeouts().connect())
                    .isEqualTo(connect.equals(Duration.ofSeconds(1)) ? Duration.ofMillis(1100) : connect);
            assertThat(upstream(read, id).health()).isPresent();
        });
        assertThat(read.routes().keySet()).isEqualTo(table.routes().keySet());
    }

    @Test
    void a_text_of_before_the_defaults_were_written_has_those_of_then() {
        BaseTable table = good("good-product-example");
        String sparse = TableText.file(table);
        // Nothing was asked twice then.
        String saidToday = sparse.replace("share: 10%\n", "share: 10%\n      noise: auto\n");

        assertThat(TableText.read(saidToday)).isEqualTo(table);
        assertThat(TableText.read(sparse).routes().values())
                .extracting(route -> route.shadow().noise())
                .containsOnly(Route.Shadow.Noise.OFF);
    }

    @Test
    void no_limit_and_no_rule_of_files_takes_away_what_was_accepted() {
        String refusedToday = """
                banyan: 1
                default: rails
                upstreams:
                  rails: { url: "http://rails.internal", timeouts: { connect: 400h }, retries: { attempts: 99 } }
                routes:
                  Things_of_old:
                    match: [ CONNECT /a/, GTE /b, "GET /c/./d", { path: /e, host: Not.A_Host-, headers: { x-banyan-x: 1 } } ]
                    legacy: rails
                    modern: rails
                    canary: 5%
                    fence: 400h
                    formats: [ UPPER ]
                    hold-body: 100MiB
                    stick-by: [ header:X-Banyan-Me, cookie, ip ]
                    pilots: [ "request:1" ]
                """;
        assertThat(RoutesFiles.read(new TreeMap<>(Map.of("table.yaml", refusedToday))))
                .isInstanceOf(Reading.Broken.class);

        BaseTable read = TableText.read(refusedToday);

        Route route = route(read, "Things_of_old");
        assertThat(route.fence()).isEqualTo(Duration.ofHours(400));
        assertThat(route.holdBodyBytes()).isEqualTo(100 << 20);
        assertThat(route.formats()).containsExactly("UPPER");
        assertThat(route.pilots()).containsExactly("request:1");
        assertThat(route.match()).hasSize(4);
        assertThat(route.match().get(2).path()).hasToString("/c/./d");
        assertThat(upstream(read, "rails").retries().attempts()).isEqualTo(99);
        assertThat(TableText.read(TableText.write(read))).isEqualTo(read);
    }

    @Test
    void a_text_that_a_newer_version_wrote_is_refused_with_the_place_and_what_to_do() {
        String newer = TableText.write(good("good-product-example"))
                .replace("legacy: rails", "legacy: rails\n    colour: red");

        assertThatThrownBy(() -> TableText.read(newer))
                .hasMessageContaining("colour: no such key")
                .hasMessageContaining("fix: start the version that wrote it");
    }

    @Test
    void only_what_is_not_the_default_is_written_and_ids_are_sorted() {
        BaseTable table = good("good-product-example");

        assertThat(TableText.file(table)).isEqualTo("""
                        banyan: 1
                        default: rails
                        upstreams:
                          rails:
                            url: http://127.0.0.1:3000
                          transactions:
                            url: http://127.0.0.1:8082
                            health:
                              path: /health
                              every: 5s
                              unhealthy-after: 3
                              healthy-after: 2
                        routes:
                          transactions:
                            match:
                              - GET /api/transactions
                              - "GET /api/transactions/{id}"
                              - POST /api/transactions
                            legacy: rails
                            modern: transactions
                            canary: 25%
                            stick-by: [ user, header:X-User-Id, cookie ]
                            writes: legacy
                            shadow:
                              share: 10%
                              ignore: [ $.generated_at ]
                              unordered: [ $.items ]
                            ramp:
                              steps: [ 1%, 5%, 25%, 50%, 100% ]
                              hold: 15m
                              gates:
                                errors: +0.5%
                                p99: 1.3x
                                parity: 99.9%
                              on-failure: rollback
                        """);
    }

    @Test
    void a_final_dot_is_kept_only_where_it_says_how_a_name_is_looked_up() {
        String text = TableText.write(good("good-final-dot"));

        assertThat(text)
                .contains(
                        "url: http://rails.legacy.svc.cluster.local.:3000\n",
                        "dns: http://accounts.internal.:8080\n",
                        "https://cards-1.internal.:443",
                        "server-name: cards.internal\n",
                        "host: shop.test ",
                        "host: \"*.shop.test\" ");
        assertThat(TableText.write(TableText.read(text))).isEqualTo(text);
    }

    @Test
    void the_text_depends_on_what_is_said_and_not_in_which_file() {
        BaseTable table = good("good-product-example");
        BaseTable joined =
                ((Reading.Read) RoutesFiles.read(new TreeMap<>(Map.of("x.yaml", TableText.file(table))))).table();

        assertThat(TableText.write(joined)).isEqualTo(TableText.write(table));
        assertThat(TableText.write(good("good-every-key"))).isNotEqualTo(TableText.write(table));
    }

    private static Route route(BaseTable table, String id) {
        return Objects.requireNonNull(table.routes().get(id));
    }

    private static Upstream upstream(BaseTable table, String id) {
        return Objects.requireNonNull(table.upstreams().get(id));
    }

    private static BaseTable good(String name) {
        return Cases.all().stream()
                .filter(table -> table.name().equals(name))
                .map(table -> ((Reading.Read) RoutesFiles.read(table.files())).table())
                .findFirst()
                .orElseThrow();
    }
}
