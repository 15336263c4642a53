package dev.banyan.routing.file;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads method names: {@code GET,HEAD} or a list. */
final class MethodsReader {
    static final List<String> COMMON = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE");

    /** Of WebDAV and the like; named so that one of them is not taken for a misspelling. */
    private static final Set<String> RARE = Set.of(
            "ACL", "BIND", "COPY", "LINK", "LOCK", "MERGE", "MKCOL", "MOVE", "NOTIFY", "PURGE", "QUERY", "REPORT",
            "SEARCH", "UNLINK", "UNLOCK");

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
        if (!method.equals(upper) || !method.matches("[A-Z][A-Z-]{0,31}")) {
            value.wrong(
                    method.isEmpty() ? "a method is missing beside a comma" : Shown.text(method) + " is no method",
                    upper.matches("[A-Z][A-Z-]{0,31}") ? "write " + upper : "write a method such as GET");
            return false;
        }
        if (method.equals("ANY") || method.equals("ALL")) {
            value.wrong(method + " is no method", "leave the method out to match any: /path");
            return false;
        }
        if (method.equals("CONNECT")) {
            value.wrong("CONNECT is never sent to an upstream", "leave it out");
            return false;
        }
        Optional<String> near = COMMON.stream()
                .filter(common -> Suggestion.distance(method, common) == 1)
                .findFirst();
        if (!COMMON.contains(method) && !RARE.contains(method) && near.isPresent()) {
            value.wrong("there is no method " + method, "did you mean " + near.get() + "?");
            return false;
        }
        if (!methods.add(method)) {
            value.wrong(method + " stands here twice", "keep one of them");
            return false;
        }
        return true;
    }
}
