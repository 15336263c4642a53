package dev.banyan.routing.match;

import dev.banyan.routing.PathRules;
import dev.banyan.routing.RequestMatch;
import dev.banyan.routing.RequestMatch.Condition;
import dev.banyan.routing.RequestView;
import dev.banyan.routing.Route;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** One match of one route, made ready to be compared with requests whose path it covers. */
final class Entry {

    /** Among matches with one host and path: a named method before any, then more conditions, then by id so that it is always the same. */
    static final Comparator<Entry> MOST_SPECIFIC_FIRST = Comparator.comparing(
                    (Entry entry) -> entry.methods.length == 0)
            .thenComparing(entry -> -(entry.headers.length + entry.query.length))
            .thenComparing(entry -> entry.route.id());

    final Route route;
    final RequestMatch match;
    private final String[] methods;
    private final Condition[] headers;
    private final Condition[] query;
    private final boolean rails;

    Entry(Route route, RequestMatch match, PathRules rules) {
        this.route = route;
        this.match = match;
        this.methods = match.methods().toArray(String[]::new);
        this.headers = match.headers().toArray(Condition[]::new);
        this.query = match.query().toArray(Condition[]::new);
        this.rails = rules == PathRules.RAILS;
    }

    boolean names(String method) {
        for (String named : methods) {
            if (named.equals(method)) {
                return true;
            }
        }
        return false;
    }

    boolean takes(String method) {
        return methods.length == 0 ? !rails || RailsMethods.isKnown(method) : names(method);
    }

    /** The first condition that does not hold; null if all do. */
    @Nullable
    Condition unmet(RequestView request) {
        for (Condition condition : headers) {
            if (!holds(condition, request.header(condition.name()))) {
                return condition;
            }
        }
        for (Condition condition : query) {
            if (!holds(condition, QueryText.last(request.rawQuery(), condition.name(), rails))) {
                return condition;
            }
        }
        return null;
    }

    private static boolean holds(Condition condition, @Nullable String value) {
        return value != null
                && (condition.value().isEmpty() || condition.value().get().equals(value));
    }
}
