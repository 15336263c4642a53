package dev.banyan.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/metrics.md} has every metric, by its name in {@code /metrics} and with its labels, and no other. */
class MetricsDocTest {
    private static final Path PAGE = Path.of("../docs/metrics.md");
    private static final Path SOURCES = Path.of("src/main/java");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(banyan_[a-z0-9_]+)` \\|([^|]*)\\|");
    private static final Pattern WORD = Pattern.compile("`([a-z_]+)`");
    private static final Pattern NAME = Pattern.compile("\"banyan((?:\\.[a-z0-9]+)+)\"");
    private static final Pattern SAMPLE =
            Pattern.compile("(?m)^(banyan_[a-z0-9_]+?)(_bucket|_count|_sum)?(?:\\{([^}]*)})? ");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");

    /** Names of properties and files that look like names of metrics. */
    private static final Set<String> NO_METRICS =
            Set.of("banyan_home", "banyan_root", "banyan_terminal", "banyan_yaml", "banyan_log");

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String SUFFIX = "(_total|_seconds|_seconds_max)?";

    @TempDir
    private Path directory;

    /** Labels by name. */
    private static Map<String, Set<String>> documented() throws IOException {
        Map<String, Set<String>> rows = new TreeMap<>();
        Matcher row = ROW.matcher(Files.readString(PAGE));
        while (row.find()) {
            Set<String> labels = new TreeSet<>();
            Matcher label = WORD.matcher(row.group(2));
            while (label.find()) {
                labels.add(label.group(1));
            }
            assertThat(rows.put(row.group(1), labels))
                    .as("%s twice", row.group(1))
                    .isNull();
        }
        assertThat(rows).hasSizeGreaterThan(20);
        return rows;
    }

    private static Set<String> inSources() throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                Matcher name = NAME.matcher(Files.readString(file));
                while (name.find()) {
                    names.add("banyan" + name.group(1).replace('.', '_'));
                }
            }
        }
        names.removeAll(NO_METRICS);
        return names;
    }

    @Test
    void every_metric_in_the_sources_is_on_the_page_and_every_one_on_the_page_is_in_the_sources() throws IOException {
        Set<String> documented = documented().keySet();
        Set<String> known = inSources();

        assertThat(known).allSatisfy(name -> assertThat(documented).anyMatch(row -> row.matches(name + SUFFIX)));
        assertThat(documented).allSatisfy(row -> assertThat(known).anyMatch(name -> row.matches(name + SUFFIX)));
    }

    @Test
    void what_a_proxy_shows_has_the_names_and_labels_of_the_page() throws Exception {
        Map<String, Set<String>> documented = documented();
        RawUpstream closing = RawUpstream.running(connection -> {});
        try (TestProxy proxy = new TestProxy(directory, RawUpstream.answering(OK), closing)) {
            proxy.write(
                    "transactions.yaml",
                    proxy.transactionsYaml("100%").replace("    writes:", "    squad: money\n    writes:"));
            proxy.restart();
            for (String request :
                    new String[] {"GET /api/transactions", "POST /api/transactions", "GET /a", "GET /a%zz"}) {
                RawClient.exchange(
                        proxy.port(),
                        request + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
            }
            String shown = metrics(proxy);

            Set<String> seen = new TreeSet<>();
            Matcher sample = SAMPLE.matcher(shown);
            while (sample.find()) {
                String name = sample.group(1);
                seen.add(name);
                assertThat(documented).containsKey(name);
                assertThat(labels(sample.group(3))).as(name).isEqualTo(documented.get(name));
            }
            assertThat(seen)
                    .contains(
                            "banyan_requests_seconds",
                            "banyan_fallbacks_total",
                            "banyan_not_retried_total",
                            "banyan_refused_total",
                            "banyan_route_info");
            assertThat(documented.keySet().stream()
                            .filter(name -> seen.contains(name) && !shown.contains("# HELP " + name + " "))
                            .filter(name -> !name.endsWith("_max")))
                    .as("without a sentence of help")
                    .isEmpty();
        }
    }

    private static String metrics(TestProxy proxy) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + proxy.proxy().healthPort() + "/metrics");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static Set<String> labels(@Nullable String text) {
        return text == null
                ? Set.of()
                : Arrays.stream(text.split(","))
                        .map(LABEL::matcher)
                        .filter(Matcher::find)
                        .map(found -> found.group(1))
                        .filter(label -> !label.equals("le"))
                        .collect(Collectors.toCollection(TreeSet::new));
    }
}
