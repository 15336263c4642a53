package dev.banyan.routing.file;

import dev.banyan.routing.Methods;
import dev.banyan.routing.Route.Shadow;
import dev.banyan.routing.Share;
import dev.banyan.yaml.Keys;
import dev.banyan.yaml.Scalars;
import dev.banyan.yaml.Section;
import dev.banyan.yaml.Shown;
import dev.banyan.yaml.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads what is copied to the other side, and how answers are compared. */
final class ShadowReader {
    private static final Keys KEYS = Keys.of(
                    "shadow",
                    "share",
                    "of",
                    "methods",
                    "writes-are-safe",
                    "noise",
                    "settle",
                    "ignore",
                    "unordered",
                    "tolerance",
                    "values")
            .withHints(Map.of("percent", "write share", "sample", "write share"));

    /** Names, indices and wildcards, as in {@code $.items[*].id}; no filters, which could cost anything. */
    private static final Pattern JSON_PATH =
            Pattern.compile("\\$(?:\\.\\.?[\\p{L}_][\\p{L}\\p{N}_-]*|\\.\\*|\\[(?:\\*|[0-9]{1,9}|'[^'\\[\\]]+')])*");

    private static final int MAX_PATHS = 200;
    private static final Duration MOST_SETTLE = Duration.ofHours(1);

    private ShadowReader() {}

    static Shadow read(Value value) {
        return value.section(KEYS, "write { share: 10% }")
                .map(ShadowReader::read)
                .orElse(Shadow.OFF);
    }

    private static Shadow read(Section section) {
        Set<String> methods = section.get("methods").map(MethodsReader::list).orElse(Shadow.OFF.methods());
        boolean safe = section.get("writes-are-safe").flatMap(Scalars::yesNo).orElse(false);
        Optional<String> unsafe =
                methods.stream().filter(method -> !Methods.isSafe(method)).findFirst();
        if (unsafe.isPresent() && !safe) {
            section.get("methods")
                    .ifPresent(value -> value.refused(
                            "a copied " + unsafe.get() + " would write a second time",
                            "leave out " + unsafe.get()
                                    + ", or say writes-are-safe: true if the other side may take it"));
        }
        return new Shadow(
                section.get("share").flatMap(Shares::read).orElse(Share.NONE),
                section.get("of")
                        .flatMap(value ->
                                Scalars.word(value, Map.of("modern", Shadow.Of.MODERN, "both", Shadow.Of.BOTH)))
                        .orElse(Shadow.Of.MODERN),
                methods,
                safe,
                section.get("noise").flatMap(Shares::read).orElse(Share.NONE),
                section.get("settle")
                        .flatMap(value -> Scalars.duration(value, Duration.ZERO, MOST_SETTLE))
                        .orElse(Duration.ZERO),
                section.get("ignore").map(ShadowReader::paths).orElse(List.of()),
                section.get("unordered").map(ShadowReader::paths).orElse(List.of()),
                section.get("tolerance")
                        .flatMap(value -> Scalars.decimal(value, "", 0, 1e9, "write a number such as 0.01")),
                section.get("values").flatMap(Scalars::yesNo).orElse(false));
    }

    private static List<String> paths(Value value) {
        String fix = "write paths from the root of the JSON, such as $.items[*].id";
        List<Value> items = value.items("write a list such as [ $.generated_at ]");
        if (items.size() > MAX_PATHS && value.refused(items.size() + " are too many", "write at most " + MAX_PATHS)) {
            return List.of();
        }
        List<String> paths = new ArrayList<>();
        for (Value item : items) {
            item.text(fix).ifPresent(path -> {
                boolean rootless = JSON_PATH.matcher("$." + path).matches();
                if (JSON_PATH.matcher(path).matches() && path.length() <= 200
                        || !item.refused(
                                Shown.text(path) + " is no path", rootless ? "write $." + Shown.text(path) : fix)) {
                    paths.add(path);
                }
            });
        }
        return paths;
    }
}
