package dev.banyan.routing.file;

import dev.banyan.routing.BaseTable;
import dev.banyan.routing.PathPattern;
import dev.banyan.routing.PathRules;
import dev.banyan.routing.RequestMatch;
import dev.banyan.routing.Route;
import dev.banyan.routing.Side;
import dev.banyan.routing.Upstream;
import dev.banyan.yaml.Position;
import dev.banyan.yaml.Problem;
import dev.banyan.yaml.Section;
import dev.banyan.yaml.Shown;
import dev.banyan.yaml.Stated;
import dev.banyan.yaml.Suggestion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Joins files to a table, and finds what they have against each other. */
final class Merging {
    static final Comparator<Problem> BY_PLACE = Comparator.comparing(Problem::file)
            .thenComparingInt(Problem::line)
            .thenComparingInt(Problem::column)
            .thenComparing(Problem::what);

    private final List<FileContent> files;
    private final List<Finding> findings = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();
    private final SortedMap<String, FileContent.UpstreamContent> upstreams = new TreeMap<>();
    private final SortedMap<String, RouteContent> routes = new TreeMap<>();

    /**
     * @param read empty if there are findings, or a file has problems of its own
     */
    record Merged(List<Finding> findings, List<Problem> warnings, Optional<Reading.Read> read) {}

    private Merging(Collection<FileContent> files) {
        this.files =
                files.stream().sorted(Comparator.comparing(FileContent::file)).toList();
    }

    static Merged merge(Collection<FileContent> files) {
        return new Merging(files).merge();
    }

    static String upstreamFact(String id) {
        return "upstream " + id;
    }

    static String routeFact(String id) {
        return "route " + id;
    }

    static final String DEFAULT_FACT = "default";
    static final String PATHS_FACT = "paths";

    private Merged merge() {
        files.forEach(file -> warnings.addAll(file.warnings()));
        files.forEach(file -> file.upstreams().forEach(this::add));
        files.forEach(file -> file.routes().forEach(this::add));
        Optional<Stated<String>> defaultUpstream = theDefault();
        PathRules rules = pathRules();
        references(defaultUpstream);
        routes.values().forEach(route -> spelling(route, rules));
        findings.addAll(Ambiguity.in(routes.values()));
        boolean sound = findings.isEmpty()
                && files.stream().allMatch(file -> file.problems().isEmpty());
        if (sound) {
            // On a broken table it would only be an echo of the problems.
            unused(defaultUpstream);
        }
        return new Merged(
                List.copyOf(findings),
                warnings.stream().sorted(BY_PLACE).toList(),
                sound ? defaultUpstream.map(id -> read(rules, id.value())) : Optional.empty());
    }

    private void add(FileContent.UpstreamContent upstream) {
        String id = upstream.upstream().id();
        FileContent.UpstreamContent first = upstreams.putIfAbsent(id, upstream);
        if (first != null) {
            duplicate("upstream " + Shown.text(id), first.at(), upstream.at(), upstreamFact(id));
        }
    }

    private void add(RouteContent route) {
        String id = route.route().id();
        RouteContent first = routes.putIfAbsent(id, route);
        if (first != null) {
            duplicate("route " + Shown.text(id), first.at(), route.at(), routeFact(id));
        }
    }

    private void duplicate(String what, Position first, Position second, String fact) {
        findings.add(Finding.between(
                second.problem(what + ": is in " + place(first) + " too", "keep one of them, or give one another id"),
                first.problem(what + ": is in " + place(second) + " too", "keep one of them, or give one another id"),
                fact));
    }

    static String place(Position at) {
        return at.file() + ":" + at.line() + ":" + at.column();
    }

    private Optional<Stated<String>> theDefault() {
        List<Stated<String>> stated =
                files.stream().flatMap(file -> file.defaultUpstream().stream()).toList();
        atMostOne(stated, "default", DEFAULT_FACT);
        if (stated.isEmpty() && files.stream().allMatch(FileContent::whole)) {
            String file = files.isEmpty() ? "routes" : files.get(0).file();
            findings.add(Finding.at(
                    new Position(file, 1, 1)
                            .problem(
                                    "no file says where everything unmatched goes",
                                    "write default: UPSTREAM in one file, such as this one"),
                    DEFAULT_FACT));
        }
        return stated.stream().findFirst();
    }

    private PathRules pathRules() {
        List<Stated<PathRules>> stated =
                files.stream().flatMap(file -> file.paths().stream()).toList();
        atMostOne(stated, "paths", PATHS_FACT);
        return stated.stream().findFirst().map(Stated::value).orElse(PathRules.RAILS);
    }

    private <T> void atMostOne(List<Stated<T>> stated, String key, String fact) {
        for (int i = 1; i < stated.size(); i++) {
            Position first = stated.get(0).at();
            Position other = stated.get(i).at();
            String fix = "keep it in one file";
            findings.add(Finding.between(
                    other.problem(key + ": is said in " + place(first) + " already", fix),
                    first.problem(key + ": is said in " + place(other) + " already", fix),
                    fact));
        }
    }

    private void references(Optional<Stated<String>> defaultUpstream) {
        defaultUpstream.ifPresent(id -> refersTo(id.value(), "default", id.at()));
        for (RouteContent route : routes.values()) {
            for (Side side : Side.values()) {
                String key = side.word();
                route.route()
                        .upstream(side)
                        .ifPresent(id -> route.section().get(key).ifPresent(value -> refersTo(id, key, value.at())));
            }
        }
    }

    private void refersTo(String id, String key, Position at) {
        if (upstreams.containsKey(id) || !files.stream().allMatch(FileContent::whole)) {
            return;
        }
        String fix = Suggestion.of(id, upstreams.keySet())
                .map(near -> "did you mean " + near + "?")
                .orElse("define it under upstreams, in any file");
        findings.add(Finding.at(at.problem(key + ": there is no upstream " + id, fix), upstreamFact(id)));
    }

    private void spelling(RouteContent route, PathRules rules) {
        for (RequestMatch match : route.route().match()) {
            PathPattern path = match.path();
            String text = "match: " + Shown.text(match.toString());
            if (rules == PathRules.RAILS && endsInSlash(path)) {
                findings.add(Finding.at(
                        route.at(match)
                                .problem(
                                        text + " ends in a slash, and with paths: rails that makes no difference",
                                        "write " + Shown.text(withoutSlash(path))),
                        PATHS_FACT));
            }
            if (rules == PathRules.PLAIN && path.toString().contains("%2F")) {
                findings.add(Finding.at(
                        route.at(match)
                                .problem(
                                        text + " holds %2F, which is refused in any path with paths: plain",
                                        "write / where a slash is meant"),
                        PATHS_FACT));
            }
        }
        if (rules == PathRules.PLAIN) {
            route.section()
                    .get("formats")
                    .ifPresent(value -> warnings.add(value.at()
                            .problem(
                                    "formats: does nothing with paths: plain, suffixes are part of the path",
                                    "remove it")));
        }
    }

    private static boolean endsInSlash(PathPattern path) {
        List<PathPattern.Segment> segments = path.segments();
        return !path.rest()
                && !segments.isEmpty()
                && segments.get(segments.size() - 1).equals(new PathPattern.Literal(""));
    }

    private static String withoutSlash(PathPattern path) {
        String text = path.toString();
        return text.length() == 1 ? text : text.substring(0, text.length() - 1);
    }

    private void unused(Optional<Stated<String>> defaultUpstream) {
        Set<String> used = new HashSet<>();
        defaultUpstream.ifPresent(id -> used.add(id.value()));
        for (RouteContent route : routes.values()) {
            for (Side side : Side.values()) {
                route.route().upstream(side).ifPresent(used::add);
            }
        }
        upstreams.forEach((id, upstream) -> {
            if (!used.contains(id)) {
                warnings.add(upstream.at()
                        .problem(
                                "upstream " + Shown.text(id) + ": nothing is sent to it",
                                "name it in a route, or remove it"));
            }
        });
    }

    private Reading.Read read(PathRules rules, String defaultUpstream) {
        SortedMap<String, Upstream> allUpstreams = new TreeMap<>();
        SortedMap<String, Route> allRoutes = new TreeMap<>();
        Map<String, Position> positions = new HashMap<>();
        upstreams.forEach((id, upstream) -> {
            allUpstreams.put(id, upstream.upstream());
            positions(positions, "upstreams." + id, upstream.at(), upstream.section());
        });
        routes.forEach((id, route) -> {
            allRoutes.put(id, route.route());
            positions(positions, "routes." + id, route.at(), route.section());
        });
        return new Reading.Read(
                new BaseTable(rules, defaultUpstream, allUpstreams, allRoutes),
                warnings.stream().sorted(BY_PLACE).toList(),
                Collections.unmodifiableMap(positions));
    }

    private static void positions(Map<String, Position> positions, String name, Position at, Section section) {
        positions.put(name, at);
        section.positions().forEach((key, place) -> positions.put(name + "." + key, place));
    }
}
