package dev.banyan.routing.file;

import dev.banyan.yaml.Problems;
import dev.banyan.yaml.YamlDocument;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * The defaults that stand in a stored table, and hold for it although the program's own have changed since. A text of before they
 * stood there has those that the program had then, which are in {@code first-defaults.yaml}.
 */
final class StoredDefaults {
    private static final String FIRST = "first-defaults.yaml";

    private StoredDefaults() {}

    /** Writes them into each upstream and each route that says nothing of its own. */
    static void fillIn(Node root) {
        Node defaults = child(root, TableText.DEFAULTS)
                .orElseGet(() -> child(first(), TableText.DEFAULTS).orElseThrow());
        each(child(root, "upstreams"), upstream -> add(child(defaults, "upstream"), upstream));
        each(child(root, "routes"), route -> add(child(defaults, "route"), route));
    }

    private static Node first() {
        Problems problems = Problems.ofAccepted(FIRST);
        try (InputStream in = StoredDefaults.class.getResourceAsStream(FIRST)) {
            if (in == null) {
                throw new IllegalStateException(FIRST + " is not on the class path");
            }
            return YamlDocument.readAccepted(new String(in.readAllBytes(), StandardCharsets.UTF_8), problems)
                    .orElseThrow(() -> new IllegalStateException(FIRST + ": " + problems.errors()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The rest: what a routing file has, too. */
    static Node without(Node root) {
        if (root instanceof MappingNode mapping) {
            mapping.getValue().removeIf(tuple -> isKey(tuple, TableText.DEFAULTS));
        }
        return root;
    }

    private interface Visitor {
        void visit(MappingNode entry);
    }

    private static void each(Optional<Node> entries, Visitor visitor) {
        if (entries.isPresent() && entries.get() instanceof MappingNode mapping) {
            for (NodeTuple entry : mapping.getValue()) {
                if (entry.getValueNode() instanceof MappingNode section) {
                    visitor.visit(section);
                }
            }
        }
    }

    private static void add(Optional<Node> defaults, MappingNode section) {
        if (defaults.isEmpty() || !(defaults.get() instanceof MappingNode usual)) {
            return;
        }
        List<NodeTuple> all = new ArrayList<>(section.getValue());
        for (NodeTuple each : usual.getValue()) {
            String key = key(each);
            Optional<Node> own = child(section, key);
            if (own.isEmpty()) {
                all.add(each);
            } else if (own.get() instanceof MappingNode ownSection && each.getValueNode() instanceof MappingNode) {
                add(Optional.of(each.getValueNode()), ownSection);
            }
        }
        section.setValue(all);
    }

    private static Optional<Node> child(Node node, String key) {
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (isKey(tuple, key)) {
                    return Optional.of(tuple.getValueNode());
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isKey(NodeTuple tuple, String key) {
        return key(tuple).equals(key);
    }

    private static String key(NodeTuple tuple) {
        return tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
    }
}
