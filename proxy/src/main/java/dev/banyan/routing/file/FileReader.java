package dev.banyan.routing.file;

import dev.banyan.routing.PathRules;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.keys.Names;
import dev.banyan.routing.keys.RouteKeys;
import dev.banyan.routing.keys.UpstreamKeys;
import dev.banyan.yaml.Keys;
import dev.banyan.yaml.Position;
import dev.banyan.yaml.Problems;
import dev.banyan.yaml.Scalars;
import dev.banyan.yaml.Section;
import dev.banyan.yaml.Shown;
import dev.banyan.yaml.Stated;
import dev.banyan.yaml.Value;
import dev.banyan.yaml.YamlDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads one file by itself. What it says of other files is looked at in {@link Merging}. */
final class FileReader {
    private static final Keys KEYS = Keys.of("a routing file", "banyan", "default", "paths", "upstreams", "routes")
            .withHints(Map.of(
                    "version", "write banyan: 1",
                    "defaults", "remove it; every key has a fixed default, only default: UPSTREAM is set in a file",
                    "services", "write upstreams",
                    "clusters", "write upstreams",
                    "match", "write it under routes: ID:",
                    "flags", "remove it; flags are set by banyan canary, shadow and freeze"));
    private static final Map<String, PathRules> PATHS = Map.of("rails", PathRules.RAILS, "plain", PathRules.PLAIN);
    private static final String VERSION_FIX = "write banyan: 1, the version of this format";
    private static final int MAX_ENTRIES = 5_000;

    private final Problems problems;
    private boolean whole = true;

    private FileReader(Problems problems) {
        this.problems = problems;
    }

    static FileContent read(String file, String text) {
        FileReader reader = new FileReader(new Problems(file));
        return reader.read(YamlDocument.read(text, reader.problems, reader::saysNothing));
    }

    /** A file that was accepted once, and is not held to limits and rules that came later. */
    static FileContent readAccepted(String file, String text) {
        FileReader reader = new FileReader(Problems.ofAccepted(file));
        return reader.read(YamlDocument.readAccepted(text, reader.problems));
    }

    /** A table that was accepted once: no limit and no rule is asked of it. */
    static FileContent readAccepted(Node root, Problems problems) {
        return new FileReader(problems).read(Optional.of(root));
    }

    private FileContent read(Optional<Node> root) {
        Optional<Section> top = root.map(
                        node -> Value.entity(problems, "the file", node, Value.position(problems.file(), node)))
                .flatMap(value -> value.section(KEYS, "begin it with banyan: 1, then default, upstreams and routes"));
        top.ifPresent(this::version);
        Optional<Stated<String>> defaultUpstream = top.flatMap(section -> section.get("default"))
                .flatMap(value ->
                        Names.id(value, "write the id of an upstream").map(id -> new Stated<>(id, value.at())));
        Optional<Stated<PathRules>> paths = top.flatMap(section -> section.get("paths"))
                .flatMap(value -> Scalars.word(value, PATHS).map(rules -> new Stated<>(rules, value.at())));
        List<FileContent.UpstreamContent> upstreams = new ArrayList<>();
        List<RouteContent> routes = new ArrayList<>();
        top.flatMap(section -> section.get("upstreams"))
                .ifPresent(value -> each(
                        value,
                        "an upstream",
                        (id, at, section) -> upstreams.add(
                                new FileContent.UpstreamContent(UpstreamKeys.TABLE.read(id, section), at, section))));
        top.flatMap(section -> section.get("routes"))
                .ifPresent(value -> each(
                        value,
                        "a route",
                        (id, at, section) ->
                                routes.add(new RouteContent(RouteKeys.TABLE.read(id, section), at, section))));
        boolean found = top.isPresent()
                && whole
                && top.get().knowsAllKeys()
                && top.get().has("default") == defaultUpstream.isPresent()
                && top.get().has("paths") == paths.isPresent();
        return new FileContent(
                problems.file(),
                found,
                defaultUpstream,
                paths,
                List.copyOf(upstreams),
                List.copyOf(routes),
                problems.errors(),
                problems.warnings());
    }

    private void saysNothing() {
        problems.error(
                new Position(problems.file(), 1, 1),
                "the file says nothing",
                "write banyan: 1 and what it adds, or delete the file");
    }

    private void version(Section top) {
        if (!top.isMeant("banyan")) {
            problems.error(new Position(problems.file(), 1, 1), "banyan: is missing", VERSION_FIX);
        }
        top.get("banyan").ifPresent(FileReader::version);
    }

    private static void version(Value value) {
        value.scalar(VERSION_FIX).ifPresent(version -> {
            boolean quoted = version.equals("1") && value.node().getTag().equals(Tag.STR);
            if (quoted) {
                value.wrong("1 is a text to YAML", "write it without quotes");
            } else if (!version.equals("1")) {
                value.wrong(Shown.text(version) + " is no version that is known here", VERSION_FIX);
            }
        });
    }

    private void complainAboutName(String id, Position at, String kind, boolean isRoute) {
        if (!Names.isId(id)) {
            Names.complainAboutId(problems, at, kind, id);
        }
        if (isRoute && id.equals(RoutingTable.DEFAULT_ROUTE)) {
            problems.error(
                    at,
                    "default: no route may be called so, what matches no route is shown under that name",
                    "choose another id");
        }
    }

    private interface Reader {
        void read(String id, Position at, Section section);
    }

    private void each(Value value, String kind, Reader reader) {
        if (value.isNothing()) {
            // All entries commented out: not worth stopping anybody.
            return;
        }
        if (!(value.node() instanceof MappingNode mapping)) {
            whole = false;
            value.wrong("is " + value.kind(), "write ID: and its keys below, indented");
            return;
        }
        Map<String, Section.Entry> entries = Section.entries(value, mapping);
        if (entries.size() > MAX_ENTRIES
                && value.refused(entries.size() + " are too many for one file", "write at most " + MAX_ENTRIES)) {
            whole = false;
            return;
        }
        entries.forEach((id, entry) -> one(id, entry, kind, reader));
    }

    private void one(String id, Section.Entry entry, String kind, Reader reader) {
        boolean isRoute = kind.equals("a route");
        if (!problems.areOfAccepted()) {
            complainAboutName(id, entry.at(), kind, isRoute);
        }
        Value value = Value.entity(
                problems,
                (isRoute ? "route " : "upstream ") + Shown.text(id),
                entry.value().node(),
                entry.at());
        String fix = isRoute ? "write its keys below it, indented" : "write url: http://HOST:PORT below it, indented";
        Optional<Section> section = value.section((isRoute ? RouteKeys.TABLE : UpstreamKeys.TABLE).names(), fix);
        whole &= section.isPresent();
        section.ifPresent(found -> reader.read(id, entry.at(), found));
    }
}
