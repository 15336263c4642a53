package dev.banyan.routing.match;

import dev.banyan.routing.PathRules;
import dev.banyan.routing.RequestMatch.Condition;
import dev.banyan.routing.RequestView;
import org.jspecify.annotations.Nullable;

/**
 * One walk through the tries for one request, the most specific branch first.
 *
 * <p>With {@code paths: rails} trailing slashes are cut off before anything else, as Rails does, and the format is what follows the
 * last dot of the last segment. A pattern whose last segment is a literal with that suffix wins as written; otherwise a last literal
 * or {@code {id}} takes what stands before the dot. So {@code {id}} never ends in a suffix: with Rails' own rule for ids, no dots at
 * all, {@code /42.json} is id 42; where a route's constraint lets dots into ids, {@code /1.2.json} is 1.2 as long as the constraint is
 * not greedy. What {@code /**} covers is left whole: {@code /assets/app.js} names a file, not an action and a format.
 */
final class Search {
    private final boolean rails;
    private final String method;
    private final String path;
    private final RequestView request;
    private final @Nullable Considered considered;
    /** Where the last segment ends: the path's end, but for trailing slashes that do not count. */
    private final int end;
    /** The dot of the format suffix; -1 if there is none. */
    private final int dot;

    private @Nullable Entry winner;
    private boolean winnerTookSuffixOff;

    Search(PathRules rules, String method, String path, RequestView request, @Nullable Considered considered) {
        this.rails = rules == PathRules.RAILS;
        this.method = method;
        this.path = path;
        this.request = request;
        this.considered = considered;
        this.end = end(path, rails);
        this.dot = rails ? suffixDot(path, end) : -1;
    }

    private static int end(String path, boolean rails) {
        int length = path.length();
        // The root has no segments; a normal path never ends in two slashes.
        boolean slashDoesNotCount = length == 1 || (rails && path.charAt(length - 1) == '/');
        return slashDoesNotCount ? length - 1 : length;
    }

    private static int suffixDot(String path, int end) {
        for (int i = end - 1; i > 0; i--) {
            char c = path.charAt(i);
            if (c == '/') {
                return -1;
            }
            if (c == '.') {
                // Nothing before or after the dot: Rails' (.:format) takes neither.
                return i < end - 1 && path.charAt(i - 1) != '/' ? i : -1;
            }
        }
        return -1;
    }

    /** Whether the search is over: something was found, and nobody wants to hear of the others. */
    boolean in(PathTrie trie) {
        return path.charAt(0) == '/' && walk(trie, 0);
    }

    @Nullable
    Found found() {
        if (winner == null) {
            return null;
        }
        int cut = winnerTookSuffixOff ? dot : end;
        String canonical = cut == path.length() || cut == 0 ? path : path.substring(0, cut);
        String suffix = winnerTookSuffixOff ? path.substring(dot + 1, end) : null;
        return new Found(winner.route, winner.match, canonical, suffix);
    }

    /** Goes on from a node at a slash, or at the end. */
    private boolean walk(PathTrie node, int at) {
        if (at == end) {
            return ends(node, false);
        }
        int from = at + 1;
        int slash = path.indexOf('/', from);
        int to = slash < 0 || slash > end ? end : slash;
        boolean hasSuffix = to == end && dot > from;
        boolean done = hasSuffix ? walkLast(node, from) : walkSegment(node, from, to);
        return done || take(node.rest, false);
    }

    private boolean walkSegment(PathTrie node, int from, int to) {
        return walkLiteral(node, from, to) || (to > from && node.named != null && walk(node.named, to));
    }

    private boolean walkLiteral(PathTrie node, int from, int to) {
        PathTrie child = node.literal(path, from, to);
        return child != null && walk(child, to);
    }

    /** The last segment, which has a suffix. */
    private boolean walkLast(PathTrie node, int from) {
        if (walkLiteral(node, from, end)) {
            return true;
        }
        PathTrie stem = node.literal(path, from, dot);
        return (stem != null && ends(stem, true)) || (node.named != null && ends(node.named, true));
    }

    private boolean ends(PathTrie node, boolean suffixOff) {
        return take(node.here, suffixOff) || take(node.rest, suffixOff);
    }

    private boolean take(Entry[] entries, boolean suffixOff) {
        if (entries.length == 0) {
            return false;
        }
        if (rails && method.equals("HEAD")) {
            // Rails, too, looks for a route that names HEAD before it takes one for GET.
            return takeNaming("HEAD", entries, suffixOff) || takeTaking("GET", entries, suffixOff);
        }
        return takeTaking(method, entries, suffixOff);
    }

    private boolean takeNaming(String wanted, Entry[] entries, boolean suffixOff) {
        for (Entry entry : entries) {
            if (entry.names(wanted) && offer(entry, suffixOff)) {
                return true;
            }
        }
        return false;
    }

    private boolean takeTaking(String wanted, Entry[] entries, boolean suffixOff) {
        for (Entry entry : entries) {
            if (entry.takes(wanted)) {
                if (offer(entry, suffixOff)) {
                    return true;
                }
            } else if (considered != null) {
                considered.passedOver(entry.route, entry.match, "it does not cover " + method);
            }
        }
        return false;
    }

    private boolean offer(Entry entry, boolean suffixOff) {
        Condition unmet = entry.unmet(request);
        if (unmet != null) {
            if (considered != null) {
                considered.passedOver(entry.route, entry.match, "its condition on " + unmet.name() + " does not hold");
            }
            return false;
        }
        if (winner == null) {
            winner = entry;
            winnerTookSuffixOff = suffixOff;
            return considered == null;
        }
        if (considered != null && winner != entry) {
            considered.passedOver(entry.route, entry.match, "it is less specific");
        }
        return false;
    }
}
