package dev.banyan.routing.match;

import dev.banyan.routing.PathRules;
import dev.banyan.routing.RequestMatch.Condition;
import dev.banyan.routing.RequestView;
import org.jspecify.annotations.Nullable;

/**
 * One walk through the tries for one request, the most specific branch first.
 *
 * <p>With {@code paths: rails} trailing slashes are cut off before anything else, as Rails does. A literal last segment covers itself
 * with a format after the last dot ({@code (.:format)}), and a pattern that is written with that suffix wins as written. A name is what
 * Rails takes for one unless a constraint says otherwise, {@code [^/.?]+}: it ends at the first dot, and what follows is the format.
 *
 * <p>Rails takes no {@code /1.2.json}, {@code /42.} or {@code /.json} for an action with an id, nor {@code /1.2/notes}, but a constraint
 * may let it; and it takes {@code /tx.a%2Eb}, which is {@code /tx.a.b} once it is normal, for a format with a dot. So a route covers these too, with all that follows the dot as a suffix, which is none that modern could serve: they stay
 * with legacy, or get 406, and never reach either side as another action than Rails would run. What {@code /**} covers is left whole:
 * {@code /assets/app.js} names a file, not an action and a format.
 */
final class Search {
    private static final int WHOLE = -1;

    private final boolean rails;
    private final String method;
    private final String path;
    private final RequestView request;
    private final @Nullable Considered considered;
    /** Where the last segment ends: the path's end, but for trailing slashes that do not count. */
    private final int end;

    private @Nullable Entry winner;
    /** Where the suffix of the winner's path begins, with its dot; {@link #WHOLE} if it has none. */
    private int winnerCut;

    Search(PathRules rules, String method, String path, RequestView request, @Nullable Considered considered) {
        this.rails = rules == PathRules.RAILS;
        this.method = method;
        this.path = path;
        this.request = request;
        this.considered = considered;
        this.end = end(path, rails);
    }

    private static int end(String path, boolean rails) {
        int length = path.length();
        // The root has no segments; a normal path never ends in two slashes.
        boolean slashDoesNotCount = length == 1 || (rails && path.charAt(length - 1) == '/');
        return slashDoesNotCount ? length - 1 : length;
    }

    /** Whether the search is over: something was found, and nobody wants to hear of the others. */
    boolean in(PathTrie trie) {
        return path.charAt(0) == '/' && walk(trie, 0, WHOLE);
    }

    @Nullable
    Found found() {
        if (winner == null) {
            return null;
        }
        int cut = winnerCut == WHOLE ? end : winnerCut;
        String canonical = cut == path.length() || cut == 0 ? path : path.substring(0, cut);
        String suffix = winnerCut == WHOLE ? null : path.substring(cut + 1, end);
        return new Found(winner.route, winner.match, canonical, suffix);
    }

    /**
     * Goes on from a node at a slash, or at the end.
     *
     * @param cut where a name on the way ended before its segment did; {@link #WHOLE} if none did
     */
    private boolean walk(PathTrie node, int at, int cut) {
        if (at == end) {
            return ends(node, cut);
        }
        int from = at + 1;
        int slash = path.indexOf('/', from);
        int to = slash < 0 || slash > end ? end : slash;
        return walkLiteral(node, from, to, cut) || walkName(node, from, to, cut) || take(node.rest, cut);
    }

    private boolean walkLiteral(PathTrie node, int from, int to, int cut) {
        PathTrie child = node.literal(path, from, to);
        if (child != null && walk(child, to, cut)) {
            return true;
        }
        return rails && to == end && walkStems(node, from, cut);
    }

    /** The last segment as a literal with a suffix: the longest literal first. */
    private boolean walkStems(PathTrie node, int from, int cut) {
        for (int dot = path.lastIndexOf('.', end - 1); dot > from; dot = path.lastIndexOf('.', dot - 1)) {
            PathTrie stem = node.literal(path, from, dot);
            if (stem != null && ends(stem, cut == WHOLE ? dot : cut)) {
                return true;
            }
        }
        return false;
    }

    private boolean walkName(PathTrie node, int from, int to, int cut) {
        return to > from && node.named != null && walk(node.named, to, cut == WHOLE ? nameCut(from, to) : cut);
    }

    /** The first dot of a name. Where that leaves no name, the slash before it, so that the suffix begins with the dot and is no format. */
    private int nameCut(int from, int to) {
        int first = rails ? path.indexOf('.', from) : WHOLE;
        if (first < 0 || first >= to) {
            return WHOLE;
        }
        return first == from ? from - 1 : first;
    }

    private boolean ends(PathTrie node, int cut) {
        return take(node.here, cut) || take(node.rest, cut);
    }

    private boolean take(Entry[] entries, int cut) {
        if (entries.length == 0) {
            return false;
        }
        if (rails && method.equals("HEAD")) {
            // Rails, too, looks for a route that names HEAD before it takes one for GET.
            return takeNaming("HEAD", entries, cut) || takeTaking("GET", entries, cut);
        }
        return takeTaking(method, entries, cut);
    }

    private boolean takeNaming(String wanted, Entry[] entries, int cut) {
        for (Entry entry : entries) {
            if (entry.names(wanted) && offer(entry, cut)) {
                return true;
            }
        }
        return false;
    }

    private boolean takeTaking(String wanted, Entry[] entries, int cut) {
        for (Entry entry : entries) {
            if (entry.takes(wanted)) {
                if (offer(entry, cut)) {
                    return true;
                }
            } else if (considered != null) {
                considered.passedOver(entry.route, entry.match, "it does not cover " + method);
            }
        }
        return false;
    }

    private boolean offer(Entry entry, int cut) {
        Condition unmet = entry.unmet(request);
        if (unmet != null) {
            if (considered != null) {
                considered.passedOver(entry.route, entry.match, "its condition on " + unmet.name() + " does not hold");
            }
            return false;
        }
        if (winner == null) {
            winner = entry;
            winnerCut = cut;
            return considered == null;
        }
        if (considered != null && winner != entry) {
            considered.passedOver(entry.route, entry.match, "it is less specific");
        }
        return false;
    }
}
