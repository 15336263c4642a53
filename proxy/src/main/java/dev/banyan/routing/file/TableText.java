package dev.banyan.routing.file;

import dev.banyan.routing.BaseTable;
import dev.banyan.routing.PathRules;
import dev.banyan.routing.Route;
import dev.banyan.routing.Upstream;
import dev.banyan.routing.Words;
import dev.banyan.routing.keys.RouteKeys;
import dev.banyan.routing.keys.UpstreamKeys;
import dev.banyan.routing.keys.YamlBlock;
import dev.banyan.yaml.Problem;
import dev.banyan.yaml.Problems;
import dev.banyan.yaml.Stated;
import dev.banyan.yaml.YamlDocument;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * A merged table as one text, for keeping: the defaults of the version that wrote it, then every value that is another, ids sorted.
 *
 * <p>It is read again for as long as there is a Banyan. So reading asks none of the limits and rules that files are held to, which may
 * have come later, and takes the defaults from the text and not from the program.
 */
public final class TableText {
    static final String DEFAULTS = "defaults";

    /** What every text begins with that has this version's defaults. */
    private static final String BEGINNING = beginning();

    private TableText() {}

    public static String write(BaseTable table) {
        return BEGINNING + body(table);
    }

    /** The same as a routing file: where nothing is said, the defaults of this version hold. */
    static String file(BaseTable table) {
        return new YamlBlock().raw("banyan", "1").toString() + body(table);
    }

    private static YamlBlock body(BaseTable table) {
        YamlBlock file = new YamlBlock().text("default", table.defaultUpstream());
        if (table.paths() != PathRules.RAILS) {
            file.raw("paths", Words.of(table.paths()));
        }
        file.block(
                "upstreams",
                upstreams -> table.upstreams()
                        .forEach((id, upstream) ->
                                upstreams.block(id, block -> UpstreamKeys.TABLE.write(upstream, block))));
        file.block(
                "routes",
                routes -> table.routes()
                        .forEach((id, route) -> routes.block(id, block -> RouteKeys.TABLE.write(route, block))));
        return file;
    }

    /** What the routes and upstreams of a table have against each other; each by itself was accepted before. */
    public static List<Problem> conflicts(BaseTable table) {
        FileContent content = FileReader.readAccepted("table", file(table));
        return Merging.merge(List.of(content)).findings().stream()
                .map(Finding::problem)
                .toList();
    }

    private static String beginning() {
        return new YamlBlock()
                .raw("banyan", "1")
                .block(
                        DEFAULTS,
                        defaults -> defaults.block("upstream", UpstreamKeys.TABLE::writeUsual)
                                .block("route", RouteKeys.TABLE::writeUsual))
                .toString();
    }

    /**
     * The table that {@link #write} was given, in this version or an earlier one.
     *
     * @throws IllegalArgumentException it cannot be understood, as one that a newer version wrote; the message says where and what
     */
    public static BaseTable read(String text) {
        Problems problems = Problems.ofAccepted("stored.yaml");
        Optional<Node> root = YamlDocument.readAccepted(text, problems);
        if (root.isPresent() && !text.startsWith(BEGINNING)) {
            StoredDefaults.fillIn(root.get());
        }
        Optional<FileContent> content =
                root.map(node -> FileReader.readAccepted(StoredDefaults.without(node), problems));
        Optional<String> defaultUpstream =
                content.flatMap(FileContent::defaultUpstream).map(Stated::value);
        if (content.isEmpty() || defaultUpstream.isEmpty() || !problems.errors().isEmpty()) {
            throw new IllegalArgumentException("a stored table cannot be understood by this version: "
                    + problems.errors().stream().map(Problem::toString).collect(Collectors.joining("; "))
                    + "; fix: start the version that wrote it, or a newer one");
        }
        return table(content.get(), defaultUpstream.get());
    }

    private static BaseTable table(FileContent content, String defaultUpstream) {
        SortedMap<String, Upstream> upstreams = new TreeMap<>();
        SortedMap<String, Route> routes = new TreeMap<>();
        content.upstreams().forEach(each -> upstreams.put(each.upstream().id(), each.upstream()));
        content.routes().forEach(each -> routes.put(each.route().id(), each.route()));
        PathRules paths = content.paths().map(Stated::value).orElse(PathRules.RAILS);
        return new BaseTable(paths, defaultUpstream, upstreams, routes);
    }
}
