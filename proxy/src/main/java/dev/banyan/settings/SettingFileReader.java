package dev.banyan.settings;

import dev.banyan.yaml.Keys;
import dev.banyan.yaml.Position;
import dev.banyan.yaml.Problems;
import dev.banyan.yaml.Section;
import dev.banyan.yaml.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the keys in a settings file, where a dot of a name is one level of nesting, and refuses all others. */
final class SettingFileReader {
    private static final int MAX_CHARS = 256 * 1024;

    /** What stands at the top of a routing file, and not here. */
    private static final List<String> OF_ROUTING_FILES = List.of("banyan", "default", "paths", "upstreams");

    private final Map<Key<?>, Value> found = new HashMap<>();

    private SettingFileReader() {}

    static Map<Key<?>, Value> read(String text, Problems problems) {
        SettingFileReader reader = new SettingFileReader();
        if (text.length() > MAX_CHARS) {
            problems.error(
                    new Position(problems.file(), 1, 1),
                    "the file is larger than 256KiB, so it is no settings file",
                    "name another by --config");
            return Map.of();
        }
        Value.document(problems, "the file", text).ifPresent(top -> reader.section(top, ""));
        return reader.found;
    }

    private void section(Value value, String prefix) {
        List<String> names = names(prefix);
        String owner = prefix.isEmpty() ? "the settings" : prefix.substring(0, prefix.length() - 1);
        value.section(
                        new Keys(owner, names, hints(prefix, names)),
                        "write its keys below it, indented: " + String.join(", ", names))
                .ifPresent(section -> names.forEach(name -> one(section, prefix, name)));
    }

    private void one(Section section, String prefix, String name) {
        section.get(name).ifPresent(value -> {
            Optional<Key<?>> key = SettingKeys.all().stream()
                    .filter(known -> known.name().equals(prefix + name))
                    .findFirst();
            if (key.isPresent()) {
                found.put(key.get(), value);
            } else if (!value.isNothing()) {
                // All of its keys commented out is not worth stopping anybody.
                section(value, prefix + name + ".");
            }
        });
    }

    /** What may stand under a prefix: {@code listen}, {@code insecure} under {@code admin.}. */
    private static List<String> names(String prefix) {
        return SettingKeys.all().stream()
                .map(Key::name)
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()).replaceFirst("\\..*", ""))
                .distinct()
                .toList();
    }

    /** For keys that exist and are only written in another way, or at another place. */
    private static Map<String, String> hints(String prefix, List<String> names) {
        Map<String, String> hints = new HashMap<>();
        for (Key<?> key : SettingKeys.all()) {
            String section = key.section();
            if (!section.isEmpty() && !names.contains(key.leaf())) {
                hints.put(key.leaf(), below(key));
            }
            if (section.isEmpty() && !prefix.isEmpty()) {
                hints.put(key.name(), "write it at the top, without indentation");
            }
        }
        for (Key<?> key : SettingKeys.all()) {
            if (!key.section().isEmpty()) {
                hints.put(key.name(), below(key));
                hints.put(key.name().replace('.', '-'), below(key));
            }
        }
        if (prefix.isEmpty()) {
            OF_ROUTING_FILES.forEach(
                    name -> hints.put(
                            name,
                            "move it into a routing file; routes: DIR names their directory, and this file is for the process"));
        }
        names.forEach(hints::remove);
        return hints;
    }

    private static String below(Key<?> key) {
        return "write " + key.leaf() + ": below " + key.section() + ":, indented";
    }
}
