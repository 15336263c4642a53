package dev.banyan.controlplane.admin.audit;

import dev.banyan.controlplane.revisions.Revision;
import dev.banyan.controlplane.revisions.Revisions;
import dev.banyan.routing.RouteInForce;
import dev.banyan.routing.RoutingTable;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeSet;

/** The routes that came, went, or answer in another way since a revision's parent: what the audit log is searched by. */
public final class ChangedRoutes {
    private ChangedRoutes() {}

    /** May wait for a disk. */
    public static NavigableSet<String> of(Revision revision, Revisions revisions) {
        SortedMap<String, RouteInForce> after = revision.table().routes();
        return revisions
                .find(revision.parent())
                .map(Revision::table)
                .map(before -> between(before, after))
                .orElseGet(() -> new TreeSet<>(after.keySet()));
    }

    private static NavigableSet<String> between(RoutingTable parent, SortedMap<String, RouteInForce> after) {
        SortedMap<String, RouteInForce> before = parent.routes();
        NavigableSet<String> changed = new TreeSet<>(before.keySet());
        changed.addAll(after.keySet());
        changed.removeIf(id -> {
            RouteInForce was = before.get(id);
            return was != null && was.equals(after.get(id));
        });
        return changed;
    }
}
