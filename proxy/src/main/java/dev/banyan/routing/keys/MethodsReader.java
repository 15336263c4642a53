package dev.banyan.routing.keys;

import static dev.banyan.routing.keys.Schema.named;

import dev.banyan.yaml.Shown;
import dev.banyan.yaml.Suggestion;
import dev.banyan.yaml.Value;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads method names: {@code GET,HEAD} or a list. */
final class MethodsReader {
    static final List<String> COMMON = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE");

    /** Of WebDAV and the like; named so that one of them is not taken for a misspelling. */
    private static final Set<String> RARE = Set.of(
            "ACL", "BIND", "COPY", "LINK", "LOCK", "MERGE", "MKCOL", "MOVE", "NOTIFY", "PURGE", "QUERY", "REPORT",
            "SEARCH", "UNLINK", "UNLOCK");

    static final Map<String, Object> ONE = named(
            "method", Schema.pattern("^(?!ANY$|ALL$|CONNECT$)[A-Z][A-Z-]{0,31}$", "examples", List.of("GET", "POST")));

    static final Kind<Set<String>> KIND = Kinds.many(
            value -> Optional.of(list(value)), "[ METHOD, ... ]", Schema.list(ONE, "minItems", 1, "uniqueItems", true));

    private static final Pattern METHOD = Pattern.compile("[A-Z][A-Z-]{0,31}");

    private MethodsReader() {}

    static Set<String> list(Value value) {
        String fix = "write a list such as [ GET, HEAD ]";
        Set<String> methods = new TreeSet<>();
        List<Value> items = value.items(fix);
        if (value.isList() && items.isEmpty()) {
            value.wrong("is an empty list", fix);
        }
        for (Value item : items) {
            item.text("write a method such as GET").ifPresent(text -> one(item, text, methods));
        }
        return methods;
    }

    /** Several with commas between them; empty if one of them is wrong. */
    static Optional<Set<String>> commaSeparated(Value value, String text) {
        Set<String> methods = new TreeSet<>();
        boolean good = true;
        for (String method : text.split(",", -1)) {
            good &= one(value, method, methods);
        }
        return good ? Optional.of(methods) : Optional.empty();
    }

    private static boolean one(Value value, String method, Set<String> methods) {
        String upper = method.toUpperCase(Locale.ROOT);
        if (!method.equals(upper) || !METHOD.matcher(method).matches()) {
            value.wrong(
                    method.isEmpty() ? "a method is missing beside a comma" : Shown.text(method) + " is no method",
                    METHOD.matcher(upper).matches() ? "write " + upper : "write a method such as GET");
            return false;
        }
        if (method.equals("ANY") || method.equals("ALL")) {
            return !value.refused(method + " is no method", "leave the method out to match any: /path")
                    && methods.add(method);
        }
        if (method.equals("CONNECT")) {
            return !value.refused("CONNECT is never sent to an upstream", "leave it out") && methods.add(method);
        }
        Optional<String> meant = isKnown(method) ? Optional.empty() : near(method);
        if (meant.isPresent() && value.refused("there is no method " + method, "did you mean " + meant.get() + "?")) {
            return false;
        }
        return methods.add(method) || !value.refused(method + " stands here twice", "keep one of them");
    }

    private static boolean isKnown(String method) {
        return COMMON.contains(method) || RARE.contains(method);
    }

    private static Optional<String> near(String method) {
        return COMMON.stream()
                .filter(common -> Suggestion.distance(method, common) == 1)
                .findFirst();
    }
}
