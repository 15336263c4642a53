package dev.banyan.routing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What one entry of a route's {@code match} asks of a request.
 *
 * @param methods effective methods in upper case; empty: any
 * @param host lower case, without port; {@code *.example.com} covers every name under it; empty: any
 * @param headers all must hold; names in lower case
 * @param query all must hold; names as they stand in the query, decoded
 */
public record RequestMatch(
        Set<String> methods, PathPattern path, Optional<String> host, List<Condition> headers, List<Condition> query) {
    public RequestMatch {
        methods = Collections.unmodifiableSet(new TreeSet<>(methods));
        headers = List.copyOf(headers);
        query = List.copyOf(query);
    }

    /** That a field is there, and equals the value if one is named. */
    public record Condition(String name, Optional<String> value) {
        @Override
        public String toString() {
            return QuotedText.of(name) + ": " + value.map(QuotedText::always).orElse("null");
        }
    }

    /** Whether it covers a method other than GET, HEAD, OPTIONS and TRACE. */
    public boolean coversUnsafe() {
        return methods.isEmpty() || methods.stream().anyMatch(method -> !Methods.isSafe(method));
    }

    /** As files write it in one line: {@code GET,HEAD /path}, or with its conditions between braces. */
    @Override
    public String toString() {
        if (isPlain()) {
            return (methods.isEmpty() ? "" : String.join(",", methods) + " ") + path;
        }
        List<String> parts = new ArrayList<>();
        if (!methods.isEmpty()) {
            parts.add("methods: " + methods.stream().map(QuotedText::of).collect(Collectors.joining(", ", "[ ", " ]")));
        }
        parts.add("path: " + QuotedText.of(path.toString()));
        host.ifPresent(name -> parts.add("host: " + QuotedText.of(name)));
        add("headers", headers, parts);
        add("query", query, parts);
        return "{ " + String.join(", ", parts) + " }";
    }

    private static void add(String key, List<Condition> conditions, List<String> parts) {
        if (!conditions.isEmpty()) {
            parts.add(
                    conditions.stream().map(Condition::toString).collect(Collectors.joining(", ", key + ": { ", " }")));
        }
    }

    /** Whether it is written without braces, as a text. */
    public boolean isPlain() {
        return host.isEmpty() && headers.isEmpty() && query.isEmpty();
    }
}
