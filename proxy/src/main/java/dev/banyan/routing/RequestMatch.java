package dev.banyan.routing;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

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
    public record Condition(String name, Optional<String> value) {}

    /** Whether it covers a method other than GET, HEAD, OPTIONS and TRACE. */
    public boolean coversUnsafe() {
        return methods.isEmpty() || methods.stream().anyMatch(method -> !Methods.isSafe(method));
    }
}
