package dev.banyan.routing.keys;

import static dev.banyan.routing.keys.Schema.component;
import static dev.banyan.routing.keys.Schema.described;
import static dev.banyan.routing.keys.Schema.named;
import static dev.banyan.routing.keys.Schema.schema;

import dev.banyan.routing.PathPattern;
import dev.banyan.routing.QuotedText;
import dev.banyan.routing.RequestMatch;
import dev.banyan.routing.RequestMatch.Condition;
import dev.banyan.yaml.Keys;
import dev.banyan.yaml.Position;
import dev.banyan.yaml.Problems;
import dev.banyan.yaml.Section;
import dev.banyan.yaml.Shown;
import dev.banyan.yaml.Stated;
import dev.banyan.yaml.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;

/** Reads what a route matches. */
public final class MatchReader {
    private static final String FIX = "write METHOD /path, such as GET /api/accounts/{id}";
    private static final Keys KEYS = Keys.of("a match", "methods", "path", "host", "headers", "query")
            .withHints(Map.of(
                    "method", "write methods, a list such as [ GET, HEAD ]",
                    "prefix", "write path: /PREFIX/**",
                    "regex", "remove it; a path has names and /** but no expressions",
                    "cookies", "remove it; there are conditions on headers and query only"));
    private static final Pattern SPACES = Pattern.compile(" +");
    private static final int MAX_MATCHES = 1_000;
    private static final int MAX_CONDITIONS = 20;

    private static final Map<String, Object> CONDITIONS = named(
            "conditions",
            schema(
                    "type",
                    "object",
                    "maxProperties",
                    MAX_CONDITIONS,
                    "additionalProperties",
                    schema(
                            "description",
                            "The value it must have; none: it only has to be there.",
                            "type",
                            List.of("string", "number", "boolean", "null"))));

    private static final Map<String, Object> SECTION = schema(
            "description",
            "A match with conditions.",
            "type",
            "object",
            "properties",
            schema(
                    "methods",
                    described("None: any.", MethodsReader.KIND.described().schema()),
                    "path",
                    described("{name} is one segment, /** the rest.", PatternReader.SCHEMA),
                    "host",
                    schema(
                            "description",
                            "In lower case and without a port; *.example.com covers every name under it.",
                            "type",
                            "string",
                            "pattern",
                            "^(\\*\\.)?[a-z0-9_-]{1,63}(\\.[a-z0-9_-]{1,63})*\\.?$",
                            "maxLength",
                            255),
                    "headers",
                    schema(
                            "description",
                            "All must hold.",
                            "$ref",
                            "#/$defs/conditions",
                            "propertyNames",
                            schema("pattern", "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")),
                    "query",
                    described("All must hold.", CONDITIONS)),
            "additionalProperties",
            false,
            "required",
            List.of("path"));

    private static final Map<String, Object> ONE = named(
            "match",
            schema(
                    "description",
                    "METHOD[,METHOD] /path, or with conditions. {name} is one segment, /** the rest. Without a method: any.",
                    "anyOf",
                    List.of(
                            Schema.pattern(
                                    "^([A-Z][A-Z-]*(,[A-Z][A-Z-]*)* +)?/[^\\s?#\\\\]*$",
                                    "examples",
                                    List.of("GET,HEAD /api/accounts/{id}")),
                            SECTION)));

    /** What one route matches. */
    static final Kind<List<RequestMatch>> MATCHES = new Many<>(
            value -> Optional.of(list(value).stream().map(Stated::value).toList()),
            match -> match.isPlain() ? QuotedText.of(match.toString()) : match.toString(),
            RequestMatch::toString,
            true,
            true,
            new Kind.Description(
                    "[ MATCH, ... ]",
                    schema("anyOf", List.of(ONE, Schema.list(ONE, "minItems", 1, "maxItems", MAX_MATCHES))),
                    component("Texts")));

    private MatchReader() {}

    /**
     * Where a match stands.
     *
     * @param value of a route's {@code match}
     */
    public static Position place(Value value, RequestMatch match) {
        return list(value.unheard()).stream()
                .filter(stated -> stated.value().equals(match))
                .findFirst()
                .map(Stated::at)
                .orElseGet(value::at);
    }

    /** Each that could be read, with where it stands. */
    private static List<Stated<RequestMatch>> list(Value value) {
        if (!value.isList()) {
            return one(value).stream()
                    .map(match -> new Stated<>(match, value.at()))
                    .toList();
        }
        List<Value> items = value.items(FIX);
        if (items.isEmpty()) {
            value.wrong("is an empty list", "list what the route matches, such as - GET /api/accounts/{id}");
        }
        if (items.size() > MAX_MATCHES
                && value.refused(
                        items.size() + " are too many", "write at most " + MAX_MATCHES + "; /** covers many paths")) {
            return List.of();
        }
        List<Stated<RequestMatch>> matches = new ArrayList<>();
        for (Value item : items) {
            one(item).ifPresent(match -> {
                if (matches.stream().anyMatch(earlier -> earlier.value().equals(match))) {
                    item.doubtful("the same stands above", "remove one of them");
                } else {
                    matches.add(new Stated<>(match, item.at()));
                }
            });
        }
        return matches;
    }

    private static Optional<RequestMatch> one(Value value) {
        return value.isSection() ? section(value) : value.text(FIX).flatMap(text -> line(value, text));
    }

    private static Optional<RequestMatch> line(Value value, String text) {
        String[] words = SPACES.split(text, -1);
        if (words.length == 1 && words[0].startsWith("/")) {
            return PatternReader.read(value, words[0]).map(path -> plain(Set.of(), path));
        }
        if (words.length != 2 || !words[1].startsWith("/")) {
            value.wrong(Shown.text(text) + " is no match", fixFor(words));
            return Optional.empty();
        }
        if (words[0].equals("*")) {
            value.wrong("* is no method", "leave it out to match any: " + Shown.text(words[1]));
            return Optional.empty();
        }
        Optional<Set<String>> methods = MethodsReader.commaSeparated(value, words[0]);
        Optional<PathPattern> path = PatternReader.read(value, words[1]);
        return methods.flatMap(named -> path.map(pattern -> plain(named, pattern)));
    }

    private static String fixFor(String[] words) {
        if (words.length > 2 && words[words.length - 1].startsWith("/")) {
            return "write the methods with commas and without spaces, such as GET,HEAD /path";
        }
        return words.length == 2 ? "start the path with /, such as GET /path" : FIX;
    }

    private static RequestMatch plain(Set<String> methods, PathPattern path) {
        return new RequestMatch(methods, path, Optional.empty(), List.of(), List.of());
    }

    private static Optional<RequestMatch> section(Value value) {
        Optional<Section> read = value.section(KEYS, FIX);
        if (read.isEmpty()) {
            return Optional.empty();
        }
        Section section = read.get();
        Set<String> methods = section.get("methods").map(MethodsReader::list).orElse(Set.of());
        boolean methodsFailed = section.has("methods") && methods.isEmpty();
        Optional<String> host = section.get("host").flatMap(MatchReader::host);
        List<Condition> headers =
                section.get("headers").map(MatchReader::headers).orElse(List.of());
        List<Condition> query = section.get("query").map(MatchReader::query).orElse(List.of());
        if (!section.isMeant("path")) {
            value.wrong("has no path", "write path: /**, if any path is meant");
        }
        return section.get("path")
                .flatMap(path ->
                        path.text("write a path such as /api/**").flatMap(text -> PatternReader.read(path, text)))
                .filter(path -> !methodsFailed)
                .map(path -> new RequestMatch(methods, path, host, headers, query));
    }

    /** Without a final dot: a request finds its route with and without one. */
    private static Optional<String> host(Value value) {
        String fix = "write a name such as shop.example.com, or *.example.com for all under it";
        return value.text(fix).flatMap(text -> {
            String wildcard = text.startsWith("*.") ? "*." : "";
            String name = Names.withoutFinalDot(text.substring(wildcard.length()));
            if (isHost(wildcard, name)) {
                return Optional.of(wildcard + name);
            }
            String lower = Names.withoutFinalDot(name.toLowerCase(Locale.ROOT).replaceFirst(":[0-9]+$", ""));
            boolean refused = value.refused(
                    Shown.text(text) + " is no host" + (name.matches(".*:[0-9]+") ? "; ports are not looked at" : ""),
                    isHost(wildcard, lower) ? "write " + wildcard + lower : fix);
            return refused ? Optional.empty() : Optional.of(wildcard + name);
        });
    }

    private static boolean isHost(String wildcard, String name) {
        return Names.isHost(name) && (wildcard.isEmpty() || !Names.isIpv4(name));
    }

    private static List<Condition> headers(Value value) {
        List<Condition> conditions = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Named named : conditions(value)) {
            String lower = named.name().toLowerCase(Locale.ROOT);
            if (value.problems().areOfAccepted()) {
                conditions.add(new Condition(lower, named.value().map(String::strip)));
            } else if (!Names.isToken(named.name())) {
                value.problems().error(named.at(), named.told() + ": no header name", "write one such as X-Beta");
            } else if (!names.add(lower)) {
                value.problems()
                        .error(
                                named.at(),
                                named.told() + ": stands here twice; case does not matter in header names",
                                "keep one of them");
            } else {
                warnAboutHeader(value.problems(), named);
                conditions.add(new Condition(lower, named.value().map(String::strip)));
            }
        }
        return conditions;
    }

    private static void warnAboutHeader(Problems problems, Named named) {
        if (Names.isDroppedFromClients(named.name())) {
            problems.warning(
                    named.at(),
                    named.told() + ": dropped from every client's request, so this never matches",
                    "choose a header without _ whose name does not begin with X-Banyan-");
        } else if (named.name().equalsIgnoreCase("host")) {
            problems.warning(
                    named.at(),
                    named.told() + ": is compared with its port and as written",
                    "write host: NAME instead");
        }
    }

    private static List<Condition> query(Value value) {
        return conditions(value).stream()
                .map(named -> new Condition(named.name(), named.value()))
                .toList();
    }

    private record Named(String name, String told, Optional<String> value, Position at) {}

    private static List<Named> conditions(Value value) {
        String fix = "write { NAME: VALUE }; a name without a value asks only that it is there";
        if (!(value.node() instanceof MappingNode mapping)) {
            value.wrong("is " + value.kind(), fix);
            return List.of();
        }
        List<Named> conditions = new ArrayList<>();
        Section.entries(value, mapping).forEach((name, entry) -> {
            if (entry.value().isNothing()) {
                conditions.add(new Named(name, entry.value().name(), Optional.empty(), entry.at()));
            } else {
                entry.value()
                        .scalar("write one value")
                        .ifPresent(text ->
                                conditions.add(new Named(name, entry.value().name(), Optional.of(text), entry.at())));
            }
        });
        if (conditions.size() > MAX_CONDITIONS
                && value.refused(conditions.size() + " are too many", "write at most " + MAX_CONDITIONS)) {
            return List.of();
        }
        return conditions;
    }
}
