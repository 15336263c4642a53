package dev.banyan.legacystub.rails;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The app's {@code config/routes.rb}: which action a method and a path lead to. */
public final class Routes {

    // Every {id} has the constraint { id: /\d+/ }: Rails would otherwise find row 42 for "42-x".
    private static final Pattern ID = Pattern.compile("\\d{1,18}");

    private final List<Route> routes = new ArrayList<>();

    /** What is run for a request. */
    @FunctionalInterface
    public interface Action {
        Answer call(Call call);
    }

    /** The action, and what stood in the path where the route has names. */
    record Found(Action action, Map<String, String> names) {}

    public Routes add(String method, String path, Action action) {
        routes.add(new Route(method, RailsPath.of(path).segments(), action));
        return this;
    }

    Optional<Found> find(String method, RailsPath path) {
        // HEAD is GET without the body; there are no routes for it.
        String wanted = method.equals("HEAD") ? "GET" : method;
        for (Route route : routes) {
            Map<String, String> names = route.method.equals(wanted) ? route.match(path.segments()) : null;
            if (names != null) {
                return Optional.of(new Found(route.action, names));
            }
        }
        return Optional.empty();
    }

    private record Route(String method, List<String> pattern, Action action) {

        @Nullable
        Map<String, String> match(List<String> segments) {
            if (segments.size() != pattern.size()) {
                return null;
            }
            Map<String, String> names = new HashMap<>();
            for (int i = 0; i < segments.size(); i++) {
                if (pattern.get(i).equals("{id}") && ID.matcher(segments.get(i)).matches()) {
                    names.put("id", segments.get(i));
                } else if (!pattern.get(i).equals(segments.get(i))) {
                    return null;
                }
            }
            return names;
        }
    }
}
