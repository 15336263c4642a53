package dev.banyan.controlplane.admin.audit;

import dev.banyan.controlplane.revisions.Revision;
import dev.banyan.controlplane.revisions.Revisions;
import dev.banyan.routing.Ids;
import dev.banyan.routing.RouteInForce;
import dev.banyan.routing.RoutingTable;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/** The routes that came, went, or answer in another way since a revision's parent: what the audit log is searched by. */
public final class ChangedRoutes {
    private ChangedRoutes() {}

    /** May wait for a disk. */
    public static SortedSet<String> of(Revision revision, Revisions revisions) {
        SortedMap<String, RouteInForce> after = revision.table().routes();
        return revisions
                .find(revision.parent())
                .map(Revision::table)
                .map(before -> between(before, after))
                .orElseGet(() -> new TreeSet<>(after.keySet()));
    }

    private static SortedSet<String> between(RoutingTable parent, SortedMap<String, RouteInForce> after) {
        SortedMap<String, RouteInForce> before = parent.routes();
        return Ids.differing(before, after, id -> Objects.equals(before.get(id), after.get(id)));
    }
}
