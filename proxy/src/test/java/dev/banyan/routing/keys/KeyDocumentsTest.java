package dev.banyan.routing.keys;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.banyan.routing.QuotedText;
import dev.banyan.routing.file.Reading;
import dev.banyan.routing.file.RoutesFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What is said of the routing table's keys elsewhere is made from their tables: {@code -Dbanyan.docs=write} writes it anew. */
class KeyDocumentsTest {
    private static final Path RESOURCES = Path.of("src/main/resources/dev/banyan");
    private static final Path SCHEMA = RESOURCES.resolve("routing/file/routes.schema.json");
    private static final Path OPENAPI = RESOURCES.resolve("controlplane/admin/http/openapi.yaml");
    private static final Path PAGE = Path.of("../docs/routing-table.md");

    /** What the API tells of a route in a way of its own, since flags may lie over it. */
    private static final List<String> TOLD_APART = List.of("match", "legacy", "modern", "canary");

    private static void isWritten(Path file, String told) throws IOException {
        if ("write".equals(System.getProperty("banyan.docs"))) {
            Files.writeString(file, told);
        }
        assertThat(Files.readString(file))
                .as("write it anew: -Dbanyan.docs=write")
                .isEqualTo(told);
    }

    @Test
    void the_schema_for_editors() throws IOException {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(
                Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER));
        printer.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);

        isWritten(SCHEMA, new ObjectMapper().writer(printer).writeValueAsString(RoutesSchema.whole()) + "\n");
    }

    @Test
    void the_settings_of_routes_and_upstreams_in_openapi() throws IOException {
        String page = Files.readString(OPENAPI);

        isWritten(OPENAPI, between(between(page, "a route", routeMembers()), "an upstream", upstreamMembers()));
    }

    private static String between(String page, String what, String told) {
        String begins = "        # of the keys of " + what + " (KeyDocumentsTest)\n";
        String ends = "        # up to here\n";
        int from = page.indexOf(begins) + begins.length();
        return page.substring(0, from) + told + page.substring(page.indexOf(ends, from));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> members(Map<String, Object> schema) {
        return new LinkedHashMap<>((Map<String, Object>) Objects.requireNonNull(schema.get("properties")));
    }

    @SuppressWarnings("unchecked")
    private static String routeMembers() {
        Map<String, Object> members = members(RouteKeys.TABLE.described().api());
        members.keySet().removeAll(TOLD_APART);
        Map<String, Object> shadow =
                new LinkedHashMap<>((Map<String, Object>) Objects.requireNonNull(members.remove("shadow")));
        Map<String, Object> shadowing = members(shadow);
        shadowing.remove("share");
        shadow.put("properties", shadowing);
        members.put("shadowing", shadow);
        return lines("        ", members);
    }

    private static String upstreamMembers() {
        return lines("        ", members(UpstreamKeys.TABLE.described().api()));
    }

    @SuppressWarnings("unchecked")
    private static String lines(String indent, Map<String, Object> schemas) {
        StringBuilder lines = new StringBuilder();
        schemas.forEach((name, schema) -> {
            Map<String, Object> parts = (Map<String, Object>) schema;
            if (parts.containsKey("properties")) {
                lines.append(indent).append(name).append(":\n");
                parts.forEach((key, value) -> {
                    if (!key.equals("properties")) {
                        lines.append(indent)
                                .append("  ")
                                .append(key)
                                .append(": ")
                                .append(inOneLine(value))
                                .append('\n');
                    }
                });
                lines.append(indent).append("  properties:\n");
                lines.append(lines(indent + "    ", members(parts)));
            } else {
                lines.append(indent)
                        .append(name)
                        .append(": ")
                        .append(inOneLine(schema))
                        .append('\n');
            }
        });
        return lines.toString();
    }

    static String inOneLine(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> inOneLine(String.valueOf(entry.getKey())) + ": " + inOneLine(entry.getValue()))
                    .collect(Collectors.joining(", ", "{ ", " }"));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(KeyDocumentsTest::inOneLine).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Double number) {
            return Kinds.decimal(number);
        }
        return value instanceof String text ? QuotedText.of(text) : String.valueOf(value);
    }

    @Test
    void the_reference_of_the_routing_table() throws IOException {
        String page = Files.readString(PAGE);

        isWritten(PAGE, table(table(page, "a route", RouteKeys.TABLE), "an upstream", UpstreamKeys.TABLE));
    }

    private static String table(String page, String what, KeyTable<?> keys) {
        String begins = "<!-- keys of " + what + " -->\n";
        int from = page.indexOf(begins) + begins.length();
        StringBuilder told = new StringBuilder("\n| key | value | default | | such as |\n|---|---|---|---|---|\n");
        documented("", keys).forEach(key -> told.append(key.row()));
        return page.substring(0, from) + told + "\n" + page.substring(page.indexOf("<!-- /keys -->", from));
    }

    /** @param name with those above it */
    private record Documented(String name, Key<?, ?> key) {
        String row() {
            String usual = key.usualText();
            String shown = usual == null || key.kind() instanceof KeyTable ? "" : code(usual);
            String label = key.kind().described().label();
            boolean nested = inner(key.kind()) != null;
            String value = nested
                    ? (key.kind() instanceof Maybe<?> maybe && maybe.canBeOff() ? "`off`, or " : "") + "its keys below"
                    : code(label.replaceFirst(BOUNDS, ""))
                            + label.substring(label.replaceFirst(BOUNDS, "").length());
            return "| `%s` | %s | %s | %s | %s |\n"
                    .formatted(
                            name,
                            value,
                            shown,
                            key.described().replace("|", "\\|"),
                            code(key.name() + ": " + key.example()));
        }

        private static final String BOUNDS = " (from|up to|above) .*$";

        private static String code(String text) {
            return "`" + text.replace("|", "\\|") + "`";
        }
    }

    private static List<Documented> documented(String prefix, KeyTable<?> table) {
        List<Documented> all = new ArrayList<>();
        for (Key<?, ?> key : table.keys()) {
            all.add(new Documented(prefix + key.name(), key));
            KeyTable<?> inner = inner(key.kind());
            if (inner != null) {
                all.addAll(documented(prefix + key.name() + ".", inner));
            }
        }
        return all;
    }

    static @Nullable KeyTable<?> inner(Kind<?> kind) {
        if (kind instanceof Maybe<?> maybe) {
            return inner(maybe.kind());
        }
        return kind instanceof KeyTable<?> table ? table : null;
    }

    @TestFactory
    Stream<DynamicTest> every_example_is_right() {
        Stream<Documented> routes = documented("", RouteKeys.TABLE).stream();
        Stream<Documented> upstreams = documented("", UpstreamKeys.TABLE).stream();
        return Stream.concat(
                routes.map(key -> DynamicTest.dynamicTest("route " + key.name(), () -> isRight(key, true))),
                upstreams.map(key -> DynamicTest.dynamicTest("upstream " + key.name(), () -> isRight(key, false))));
    }

    private static void isRight(Documented example, boolean ofRoute) {
        Map<String, Object> route = new TreeMap<>(Map.of("match", "GET /any", "legacy", "rails", "modern", "cards"));
        boolean encrypted = example.name().startsWith("tls");
        Map<String, Object> upstream =
                new TreeMap<>(Map.of("url", encrypted ? "https://a.test" : "http://127.0.0.1:1"));
        put(ofRoute ? route : upstream, example.name(), data(example.key().example()));
        String text =
                "{ banyan: 1, default: rails, upstreams: { accounts: { url: http://127.0.0.1:3 }, cards: %s, rails: { url: 'http://127.0.0.1:2' } }, routes: { any: %s } }"
                        .formatted(inOneLine(upstream), inOneLine(route));

        assertThat(RoutesFiles.read(new TreeMap<>(Map.of("a.yaml", text))))
                .as(text)
                .isInstanceOf(Reading.Read.class);
    }

    @SuppressWarnings("unchecked")
    private static void put(Map<String, Object> keys, String name, Object value) {
        int dot = name.indexOf('.');
        if (dot < 0) {
            if (List.of("endpoints", "dns").contains(name)) {
                keys.remove("url");
            }
            keys.put(name, value);
            return;
        }
        Map<String, Object> needed = switch (name.substring(0, dot)) {
            case "ramp" -> Map.of("steps", List.of("1%"));
            case "health" -> Map.of("path", "/up");
            default -> Map.of();
        };
        Map<String, Object> inner =
                (Map<String, Object>) keys.computeIfAbsent(name.substring(0, dot), key -> new TreeMap<>(needed));
        put(inner, name.substring(dot + 1), value);
    }

    static Object data(String yaml) {
        return new Load(LoadSettings.builder().build()).loadFromString(yaml);
    }
}
