package dev.banyan.yaml;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** A mapping whose keys are known beforehand. Complains about all others, and about those that stand there twice. */
public final class Section {
    private final Value value;
    private final Map<String, Value> values = new LinkedHashMap<>();
    private final Map<String, Position> positions = new LinkedHashMap<>();
    private final Set<String> misspelt = new HashSet<>();
    private boolean knowsAllKeys = true;

    Section(Value value, MappingNode mapping, Keys keys) {
        this.value = value;
        entries(value, mapping).forEach((name, entry) -> {
            positions.put(name, entry.at());
            if (keys.names().contains(name)) {
                values.put(name, entry.value());
            } else {
                knowsAllKeys = false;
                Suggestion.of(name, keys.names()).ifPresent(misspelt::add);
                value.problems()
                        .error(
                                entry.at(),
                                entry.value().name() + ": no such key of " + keys.owner(),
                                keys.fixFor(name));
            }
        });
    }

    /**
     * One key of a mapping, and what stands at it.
     *
     * @param at where the key stands
     */
    public record Entry(Position at, Value value) {}

    /** The entries of any mapping, each name once, in the file's order. */
    public static Map<String, Entry> entries(Value owner, MappingNode mapping) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        Problems problems = owner.problems();
        for (NodeTuple tuple : mapping.getValue()) {
            Node key = tuple.getKeyNode();
            Position at = Value.position(problems.file(), key);
            if (!(key instanceof ScalarNode scalar) || scalar.getValue().isEmpty()) {
                problems.error(at, "a key that is no word", "write KEY: VALUE");
                continue;
            }
            String name = scalar.getValue();
            if (name.equals("<<")) {
                problems.error(at, "<<: merge keys are not supported", "write out what is to be merged");
                continue;
            }
            Entry first = entries.get(name);
            if (first != null) {
                problems.error(
                        at,
                        Shown.text(name) + ": stands here twice, first at line "
                                + first.at().line(),
                        "keep one of them");
                continue;
            }
            entries.put(
                    name,
                    new Entry(at, Value.keyed(problems, owner.prefix() + Shown.text(name), tuple.getValueNode())));
        }
        return entries;
    }

    public Optional<Value> get(String key) {
        return Optional.ofNullable(values.get(key));
    }

    public boolean has(String key) {
        return values.containsKey(key);
    }

    /** Whether the key is there, or one that is most likely a misspelling of it: then nobody need be told that it is missing. */
    public boolean isMeant(String key) {
        return has(key) || misspelt.contains(key);
    }

    public boolean knowsAllKeys() {
        return knowsAllKeys;
    }

    /** Where the key stands; the section itself if it does not. */
    public Position at(String key) {
        return Optional.ofNullable(positions.get(key)).orElseGet(value::at);
    }

    public Map<String, Position> positions() {
        return Collections.unmodifiableMap(positions);
    }

    public Value value() {
        return value;
    }
}
