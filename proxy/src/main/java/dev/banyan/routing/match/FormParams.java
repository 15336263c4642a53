package dev.banyan.routing.match;

import dev.banyan.routing.RequestView.FormMethod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A form's fields as Rack nests them (rack 2.2, QueryParser#normalize_params): {@code a[b]} is a hash, {@code a[]} a list. All of them
 * count and not {@code _method} alone, since one field that contradicts another ({@code a=1&a[b]=2}) makes Rack give the whole form up,
 * and then there is no {@code _method} either.
 */
final class FormParams {
    /** A value that is there, but is no text that Ruby would know as a verb: a file, a list, text in UTF-16. */
    static final String NO_VERB = "[]";

    private static final int MAX_DEPTH = 100;

    private final Map<String, @Nullable Object> root = new HashMap<>();
    private boolean givenUp;

    /** The next field in order. False if Rack gives the form up. */
    boolean put(String name, @Nullable String value) {
        put(root, name, value, MAX_DEPTH);
        return !givenUp;
    }

    FormMethod method() {
        Object value = root.get("_method");
        if (value == null) {
            return new FormMethod.None();
        }
        return new FormMethod.Of(value instanceof String text ? text : NO_VERB);
    }

    private @Nullable Object put(Map<String, @Nullable Object> params, String name, @Nullable Object value, int depth) {
        if (depth <= 0) {
            givenUp = true;
            return null;
        }
        int from = 0;
        while (from < name.length() && isBracket(name.charAt(from))) {
            from++;
        }
        int to = from;
        while (to < name.length() && !isBracket(name.charAt(to))) {
            to++;
        }
        if (to == from) {
            return value != null && name.equals("[]") ? new ArrayList<>(List.of(value)) : null;
        }
        int end = to;
        while (end < name.length() && name.charAt(end) == ']') {
            end++;
        }
        putInto(params, name, name.substring(from, to), name.substring(end), value, depth);
        return params;
    }

    private void putInto(
            Map<String, @Nullable Object> params,
            String name,
            String key,
            String after,
            @Nullable Object value,
            int depth) {
        if (after.isEmpty()) {
            params.put(key, value);
        } else if (after.equals("[")) {
            params.put(name, value);
        } else if (after.startsWith("[]")) {
            Object list = Objects.requireNonNullElseGet(params.get(key), ArrayList::new);
            params.put(key, list);
            if (list instanceof List<?> items) {
                addTo(asList(items), after, value, depth);
            } else {
                givenUp = true;
            }
        } else {
            Object nested = Objects.requireNonNullElseGet(params.get(key), HashMap::new);
            if (nested instanceof Map<?, ?> map) {
                params.put(key, put(asMap(map), after, value, depth - 1));
            } else {
                givenUp = true;
            }
        }
    }

    /** {@code a[]}, {@code a[][b]}: a hash in a list goes on until one of its keys comes again. */
    private void addTo(List<@Nullable Object> list, String after, @Nullable Object value, int depth) {
        if (after.equals("[]")) {
            list.add(value);
            return;
        }
        String key = childKey(after);
        Object last = list.isEmpty() ? null : list.get(list.size() - 1);
        if (last instanceof Map<?, ?> map && !hasKey(map, key)) {
            put(asMap(map), key, value, depth - 1);
        } else {
            list.add(put(new HashMap<>(), key, value, depth - 1));
        }
    }

    private static String childKey(String after) {
        String inner = after.length() > 4 && after.charAt(2) == '[' && after.endsWith("]")
                ? after.substring(3, after.length() - 1)
                : "";
        return inner.isEmpty() || inner.chars().anyMatch(c -> isBracket((char) c)) ? after.substring(2) : inner;
    }

    private static boolean hasKey(Map<?, ?> map, String key) {
        if (key.contains("[]")) {
            return false;
        }
        Object at = map;
        for (String part : key.split("[\\[\\]]+", -1)) {
            if (!part.isEmpty()) {
                if (!(at instanceof Map<?, ?> here) || !here.containsKey(part)) {
                    return false;
                }
                at = here.get(part);
            }
        }
        return true;
    }

    private static boolean isBracket(char c) {
        return c == '[' || c == ']';
    }

    @SuppressWarnings("unchecked") // no other maps or lists are ever put in
    private static Map<String, @Nullable Object> asMap(Map<?, ?> map) {
        return (Map<String, @Nullable Object>) map;
    }

    @SuppressWarnings("unchecked")
    private static List<@Nullable Object> asList(List<?> list) {
        return (List<@Nullable Object>) list;
    }
}
