package dev.banyan.yaml;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The keys that stand under something.
 *
 * @param owner with its article: {@code a route}
 * @param names all there are
 * @param hints what to write instead of keys that other proxies have, or that there once were
 */
public record Keys(String owner, List<String> names, Map<String, String> hints) {
    public static Keys of(String owner, String... names) {
        return new Keys(owner, List.of(names), Map.of());
    }

    public Keys withHints(Map<String, String> more) {
        return new Keys(owner, names, more);
    }

    String fixFor(String unknown) {
        return Optional.ofNullable(hints.get(unknown))
                .or(() -> Suggestion.of(unknown, names).map(name -> "did you mean " + name + "?"))
                .orElseGet(() -> "remove it; " + owner + " has " + String.join(", ", names));
    }
}
