package dev.banyan.routing.match;

import dev.banyan.routing.PathPattern;
import dev.banyan.routing.PathRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One node of a trie by path segments, and all under it. Immutable. */
final class PathTrie {
    private static final Entry[] NO_ENTRIES = {};

    /** What ends here, and what goes on with {@code /**}; each the most specific first. */
    final Entry[] here;

    final Entry[] rest;
    final @Nullable PathTrie named;

    /** Literal children in an open-addressed table, so that a piece of a path is looked up without making a String of it. */
    private final @Nullable String[] texts;

    private final @Nullable PathTrie[] children;

    private final int longestText;

    private PathTrie(List<Entry> here, List<Entry> rest, @Nullable PathTrie named, Map<String, Builder> literals) {
        this.here = sorted(here);
        this.rest = sorted(rest);
        this.named = named;
        // At most half full, so that a miss ends soon.
        int size = literals.isEmpty() ? 0 : Integer.highestOneBit(literals.size()) * 4;
        this.texts = new String[size];
        this.children = new PathTrie[size];
        this.longestText =
                literals.keySet().stream().mapToInt(String::length).max().orElse(0);
        literals.forEach((text, child) -> put(text, child.build()));
    }

    private static Entry[] sorted(List<Entry> entries) {
        return entries.isEmpty()
                ? NO_ENTRIES
                : entries.stream().sorted(Entry.MOST_SPECIFIC_FIRST).toArray(Entry[]::new);
    }

    private void put(String text, PathTrie child) {
        int slot = slot(text, 0, text.length());
        while (texts[slot] != null) {
            slot = (slot + 1) & (texts.length - 1);
        }
        texts[slot] = text;
        children[slot] = child;
    }

    /** The child for the literal that stands at {@code from..to} of the path. */
    @Nullable
    PathTrie literal(String path, int from, int to) {
        // A segment of thousands of dots is asked for as many times: what is too long for any must cost nothing.
        if (to - from > longestText || texts.length == 0) {
            return null;
        }
        int slot = slot(path, from, to);
        for (String text = texts[slot]; text != null; text = texts[slot]) {
            if (text.length() == to - from && path.startsWith(text, from)) {
                return children[slot];
            }
            slot = (slot + 1) & (texts.length - 1);
        }
        return null;
    }

    private int slot(String text, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + text.charAt(i);
        }
        return (hash ^ (hash >>> 15)) & (texts.length - 1);
    }

    /** Collects patterns. */
    static final class Builder {
        private final List<Entry> here = new ArrayList<>();
        private final List<Entry> rest = new ArrayList<>();
        private final Map<String, Builder> literals = new TreeMap<>();
        private @Nullable Builder named;

        void add(Entry entry) {
            Builder node = this;
            for (PathPattern.Segment segment : entry.match.path().segments()) {
                node = node.child(segment);
            }
            (entry.match.path().rest() ? node.rest : node.here).add(entry);
        }

        private Builder child(PathPattern.Segment segment) {
            if (segment instanceof PathPattern.Literal literal) {
                return literals.computeIfAbsent(normal(literal.text()), text -> new Builder());
            }
            if (named == null) {
                named = new Builder();
            }
            return named;
        }

        /** As a request's path spells it, or the literal would never be met. */
        private static String normal(String literal) {
            return NormalPath.of("/" + literal, PathRules.RAILS) instanceof NormalPath.Usable normal
                    ? normal.path().substring(1)
                    : literal;
        }

        PathTrie build() {
            return new PathTrie(here, rest, named == null ? null : named.build(), literals);
        }
    }
}
