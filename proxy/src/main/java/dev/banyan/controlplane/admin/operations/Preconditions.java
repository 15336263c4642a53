package dev.banyan.controlplane.admin.operations;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.banyan.controlplane.admin.http.IfMatch;
import dev.banyan.controlplane.admin.http.ProblemDetails;
import dev.banyan.controlplane.admin.http.ProblemException;
import dev.banyan.controlplane.admin.views.EntityTags;
import dev.banyan.controlplane.admin.views.RevisionJson;
import dev.banyan.controlplane.revisions.Precondition;
import dev.banyan.controlplane.revisions.Revision;
import dev.banyan.controlplane.revisions.Revisions;
import dev.banyan.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * From If-Match to what the writer checks. A conflict is per route, never because another squad moved: the table's number, sent with a
 * change of one route, stands for that route as it was in that revision.
 */
final class Preconditions {
    private static final int PAGE = 20;
    private static final int MOST_PAGES = 10;
    private static final int TELLS = 20;

    private final Revisions revisions;

    Preconditions(Revisions revisions) {
        this.revisions = revisions;
    }

    Precondition ofRoute(IfMatch ifMatch, String route) {
        if (!ifMatch.sent() || ifMatch.any()) {
            return Precondition.NONE;
        }
        Revision current = revisions.current();
        String now = EntityTags.ofRoute(current, route);
        if (ifMatch.tags().stream().noneMatch(tag -> tag.equals(now) || routeIsAsIn(tag, route, current))) {
            throw staleRoute(ifMatch, route);
        }
        return new Precondition.RouteIs(now);
    }

    Precondition ofTable(IfMatch ifMatch) {
        if (!ifMatch.sent() || ifMatch.any()) {
            return Precondition.NONE;
        }
        long now = revisions.current().number();
        if (!ifMatch.tags().contains(Long.toString(now))) {
            throw staleTable(ifMatch);
        }
        return new Precondition.TableIs(now);
    }

    /** The route is not what the caller saw; tells who changed it, and why. */
    ProblemException staleRoute(IfMatch ifMatch, String route) {
        Revision current = revisions.current();
        Predicate<Revision> seen = revision -> ifMatch.tags().stream()
                .anyMatch(tag ->
                        tag.equals(EntityTags.ofRoute(revision, route)) || isAtLeast(number(tag), revision.number()));
        return new ProblemException(ProblemDetails.of(
                        412,
                        "stale-route",
                        "The route has changed since",
                        "Route " + route + " is not what If-Match says it is; it is now \""
                                + EntityTags.ofRoute(current, route) + "\".",
                        "look at the changes since, then ask again with the new ETag of GET /v1/routes/" + route)
                .with("current", Json.object().textNode(EntityTags.ofRoute(current, route)))
                .with(
                        "since",
                        told(since(
                                seen,
                                (one, parent) ->
                                        !EntityTags.ofRoute(one, route).equals(EntityTags.ofRoute(parent, route))))));
    }

    /** The table is not what the caller saw; tells who changed it, and why. */
    ProblemException staleTable(IfMatch ifMatch) {
        long now = revisions.current().number();
        Predicate<Revision> seen =
                revision -> ifMatch.tags().stream().anyMatch(tag -> isAtLeast(number(tag), revision.number()));
        return new ProblemException(ProblemDetails.of(
                        412,
                        "stale-table",
                        "The table has changed since",
                        "The table is not the revision that If-Match says; it is now \"" + now + "\".",
                        "look at the changes since, then ask again with the new ETag of GET /v1/table")
                .with("current", Json.object().textNode(Long.toString(now)))
                .with("since", told(since(seen, (one, parent) -> true))));
    }

    private boolean routeIsAsIn(String tag, String route, Revision current) {
        OptionalLong number = number(tag);
        if (number.isEmpty() || number.getAsLong() > current.number()) {
            return false;
        }
        return revisions
                .find(number.getAsLong())
                .filter(then -> EntityTags.ofRoute(then, route).equals(EntityTags.ofRoute(current, route)))
                .isPresent();
    }

    private interface Differs {
        boolean differs(Revision one, Revision parent);
    }

    /** The newest first. Read in small pages: most often the first few revisions tell all. */
    private List<Revision> since(Predicate<Revision> seen, Differs differs) {
        List<Revision> since = new ArrayList<>();
        List<Revision> page = revisions.history(Long.MAX_VALUE, PAGE);
        for (int pages = 1; pages <= MOST_PAGES && page.size() > 1; pages++) {
            for (int i = 0; i + 1 < page.size(); i++) {
                if (seen.test(page.get(i)) || since.size() == TELLS) {
                    return since;
                }
                if (differs.differs(page.get(i), page.get(i + 1))) {
                    since.add(page.get(i));
                }
            }
            // The last of a page is compared with its parent as the first of the next.
            page = revisions.history(page.get(page.size() - 1).number() + 1, PAGE);
        }
        return since;
    }

    private static ArrayNode told(List<Revision> since) {
        ArrayNode told = Json.array();
        since.forEach(revision -> told.add(RevisionJson.brief(revision)));
        return told;
    }

    /** A table's tag is its number; a route's has 16 digits, and may by chance have no letter. */
    private static OptionalLong number(String tag) {
        return tag.matches("[1-9][0-9]{0,14}") ? OptionalLong.of(Long.parseLong(tag)) : OptionalLong.empty();
    }

    private static boolean isAtLeast(OptionalLong number, long revision) {
        return number.isPresent() && number.getAsLong() >= revision;
    }
}
