package dev.banyan.routing.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.BaseTable;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class TableTextTest {

    @Property(tries = 200)
    void a_written_table_reads_back_as_it_was(@ForAll long seed) {
        BaseTable table = Tables.ofSeed(seed);

        String text = TableText.write(table);

        Reading reading = RoutesFiles.read(new TreeMap<>(Map.of("table.yaml", text)));
        assertThat(reading).as(() -> text + Cases.told(reading)).isInstanceOf(Reading.Read.class);
        assertThat(((Reading.Read) reading).table()).as(text).isEqualTo(table);
        assertThat(TableText.write(((Reading.Read) reading).table())).isEqualTo(text);
    }

    @Test
    void only_what_is_not_the_default_is_written_and_ids_are_sorted() {
        BaseTable table = good("good-product-example");

        assertThat(TableText.write(table)).isEqualTo("""
                        banyan: 1
                        default: rails
                        upstreams:
                          rails:
                            url: "http://127.0.0.1:3000"
                          transactions:
                            url: "http://127.0.0.1:8082"
                            health:
                              path: /health
                              every: 5s
                              unhealthy-after: 3
                              healthy-after: 2
                        routes:
                          transactions:
                            match:
                              - "GET /api/transactions"
                              - "GET /api/transactions/{id}"
                              - "POST /api/transactions"
                            legacy: rails
                            modern: transactions
                            canary: 25%
                            stick-by: [ user, "header:X-User-Id", cookie ]
                            writes: legacy
                            shadow:
                              share: 10%
                              ignore: [ $.generated_at ]
                              unordered: [ $.items ]
                            ramp:
                              steps: [1%, 5%, 25%, 50%, 100%]
                              gates:
                                errors: +0.5%
                                p99: 1.3x
                                parity: 99.9%
                        """);
    }

    @Test
    void a_final_dot_is_kept_only_where_it_says_how_a_name_is_looked_up() {
        String text = TableText.write(good("good-final-dot"));

        assertThat(text)
                .contains(
                        "url: \"http://rails.legacy.svc.cluster.local.:3000\"",
                        "dns: \"http://accounts.internal.:8080\"",
                        "\"https://cards-1.internal.:443\"",
                        "server-name: cards.internal\n",
                        "host: shop.test ",
                        "host: \"*.shop.test\" ");
        assertThat(TableText.write(((Reading.Read) RoutesFiles.read(new TreeMap<>(Map.of("x.yaml", text)))).table()))
                .isEqualTo(text);
    }

    @Test
    void the_digest_depends_on_what_is_said_and_not_in_which_file() {
        BaseTable table = good("good-product-example");
        BaseTable joined =
                ((Reading.Read) RoutesFiles.read(new TreeMap<>(Map.of("x.yaml", TableText.write(table))))).table();

        assertThat(TableText.digest(joined)).isEqualTo(TableText.digest(table)).matches("[0-9a-f]{64}");
        assertThat(TableText.digest(good("good-every-key"))).isNotEqualTo(TableText.digest(table));
    }

    private static BaseTable good(String name) {
        return Cases.all().stream()
                .filter(table -> table.name().equals(name))
                .map(table -> ((Reading.Read) RoutesFiles.read(table.files())).table())
                .findFirst()
                .orElseThrow();
    }
}
