package dev.banyan.controlplane.admin.views;

import dev.banyan.controlplane.revisions.Revision;
import dev.banyan.controlplane.revisions.Revisions;
import dev.banyan.routing.Route;
import dev.banyan.routing.RouteInForce;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Since when a route's file has left what out of the comparison: the history is read back to where it did not, and not farther. */
final class IgnoredSince {
    private static final int PAGE = 50;
    private static final int MOST_READ = 1_000;

    private final Revisions revisions;

    IgnoredSince(Revisions revisions) {
        this.revisions = revisions;
    }

    /**
     * The times of the revisions that did it.
     *
     * @return by field; of what is older than a thousand revisions, the oldest that was read
     */
    Map<String, Instant> of(Revision current, String id) {
        Map<String, Instant> since = new HashMap<>();
        Set<String> open = new HashSet<>(ignored(current, id));
        long before = current.number() + 1;
        for (int read = 0; read < MOST_READ && !open.isEmpty(); read += PAGE) {
            List<Revision> page = revisions.history(before, PAGE);
            if (page.isEmpty()) {
                break;
            }
            for (Revision revision : page) {
                open.retainAll(ignored(revision, id));
                open.forEach(field -> since.put(field, revision.time()));
            }
            before = page.get(page.size() - 1).number();
        }
        return since;
    }

    private static Set<String> ignored(Revision revision, String id) {
        return Optional.ofNullable(revision.table().routes().get(id))
                .map(RouteInForce::route)
                .map(Route::shadow)
                .map(shadow ->
                        shadow.ignore().stream().map(Route.Ignored::field).collect(Collectors.toSet()))
                .orElse(Set.of());
    }
}
