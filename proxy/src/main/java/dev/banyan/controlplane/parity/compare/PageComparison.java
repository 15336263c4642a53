package dev.banyan.controlplane.parity.compare;

import dev.banyan.controlplane.parity.compare.Difference.Kind;
import dev.banyan.routing.Ids;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Compares two pages part by part. A difference is named by a CSS selector, which {@code ignore} takes as it is: {@code table#orders > tr >
 * td.amount}; of an attribute {@code a.next @href}.
 */
final class PageComparison {
    private static final int LONGEST_FIELD = 160;

    /** Comparing two lists part by part takes the product of their lengths. */
    private static final long MOST_TRIES = 250_000;

    private final CompareRules rules;
    private final Findings findings;
    private final Deque<String> path = new ArrayDeque<>();
    private long triesLeft = 4 * MOST_TRIES;

    private PageComparison(CompareRules rules, Findings findings) {
        this.rules = rules;
        this.findings = findings;
    }

    static void compare(PageNode.Element legacy, PageNode.Element modern, CompareRules rules, Findings findings) {
        new PageComparison(rules, findings).elements(legacy, modern);
    }

    private void elements(PageNode.Element legacy, PageNode.Element modern) {
        if (legacy.digest() == modern.digest()) {
            return;
        }
        path.addLast(legacy.label());
        for (String name : Ids.inEither(legacy.attributes(), modern.attributes())) {
            attribute(name, legacy.attributes().get(name), modern.attributes().get(name));
        }
        children(legacy.children(), modern.children());
        path.removeLast();
    }

    private void attribute(String name, @Nullable String legacy, @Nullable String modern) {
        if (legacy != null && legacy.equals(modern)) {
            return;
        }
        String field = field() + " @" + name;
        if (legacy != null && modern != null) {
            findings.texts(field, legacy, modern, shown(legacy), shown(modern));
        } else {
            findings.add(
                    new Difference(field, modern == null ? Kind.MISSING : Kind.EXTRA, shown(legacy), shown(modern)));
        }
    }

    /** First what is the same finds its partner, then, between those, what is the same part of the page and says something else. */
    private void children(List<PageNode> legacy, List<PageNode> modern) {
        List<PageNode> missing = new ArrayList<>();
        List<PageNode> extra = new ArrayList<>();
        inGaps(legacy, modern, (one, other) -> one.digest() == other.digest(), (ofLegacy, ofModern) -> {
            if (isPairwise(ofLegacy, ofModern)) {
                inTurn(ofLegacy, ofModern);
                return;
            }
            inGaps(ofLegacy, ofModern, (one, other) -> one.label().equals(other.label()), (left, added) -> {
                missing.addAll(left);
                extra.addAll(added);
            });
        });
        if (!missing.isEmpty() && digests(missing).equals(digests(extra))) {
            findings.add(new Difference(field(), Kind.ORDER, "parts in one order", "the same in another"));
            return;
        }
        missing.forEach(part -> found(Kind.MISSING, part));
        extra.forEach(part -> found(Kind.EXTRA, part));
    }

    /** What lies between those that find partners. */
    private interface Gap {
        void between(List<PageNode> legacy, List<PageNode> modern);
    }

    private void inGaps(
            List<PageNode> legacy, List<PageNode> modern, BiPredicate<PageNode, PageNode> partners, Gap gap) {
        int start = 0;
        int shorter = Math.min(legacy.size(), modern.size());
        while (start < shorter && partners.test(legacy.get(start), modern.get(start))) {
            partners(legacy.get(start), modern.get(start));
            start++;
        }
        int end = 0;
        while (end < shorter - start
                && partners.test(legacy.get(legacy.size() - 1 - end), modern.get(modern.size() - 1 - end))) {
            partners(legacy.get(legacy.size() - 1 - end), modern.get(modern.size() - 1 - end));
            end++;
        }
        List<PageNode> ofLegacy = legacy.subList(start, legacy.size() - end);
        List<PageNode> ofModern = modern.subList(start, modern.size() - end);
        if (ofLegacy.isEmpty() && ofModern.isEmpty()) {
            return;
        }
        if (ofLegacy.isEmpty() || ofModern.isEmpty()) {
            gap.between(ofLegacy, ofModern);
            return;
        }
        aligned(ofLegacy, ofModern, partners, gap);
    }

    /** By their longest common subsequence (Wagner, Fischer, 1974). */
    private void aligned(
            List<PageNode> legacy, List<PageNode> modern, BiPredicate<PageNode, PageNode> partners, Gap gap) {
        long tries = (long) legacy.size() * modern.size();
        triesLeft -= tries;
        if (tries > MOST_TRIES || triesLeft < 0) {
            throw new NotComparable("too-large");
        }
        int[][] longest = new int[legacy.size() + 1][modern.size() + 1];
        for (int i = legacy.size() - 1; i >= 0; i--) {
            for (int j = modern.size() - 1; j >= 0; j--) {
                longest[i][j] = partners.test(legacy.get(i), modern.get(j))
                        ? longest[i + 1][j + 1] + 1
                        : Math.max(longest[i + 1][j], longest[i][j + 1]);
            }
        }
        int i = 0;
        int j = 0;
        int gapOfLegacy = 0;
        int gapOfModern = 0;
        while (i < legacy.size() && j < modern.size()) {
            if (partners.test(legacy.get(i), modern.get(j))) {
                gap.between(legacy.subList(gapOfLegacy, i), modern.subList(gapOfModern, j));
                partners(legacy.get(i), modern.get(j));
                gapOfLegacy = ++i;
                gapOfModern = ++j;
            } else if (longest[i + 1][j] >= longest[i][j + 1]) {
                i++;
            } else {
                j++;
            }
        }
        gap.between(legacy.subList(gapOfLegacy, legacy.size()), modern.subList(gapOfModern, modern.size()));
    }

    private void partners(PageNode legacy, PageNode modern) {
        if (legacy instanceof PageNode.Element one && modern instanceof PageNode.Element other) {
            elements(one, other);
        } else if (legacy instanceof PageNode.Text one
                && modern instanceof PageNode.Text other
                && one.digest() != other.digest()) {
            findings.texts(field(), one.text(), other.text(), shown(one.text()), shown(other.text()));
        }
    }

    private static boolean isPairwise(List<PageNode> legacy, List<PageNode> modern) {
        if (legacy.size() != modern.size() || digests(legacy).equals(digests(modern))) {
            return false;
        }
        Iterator<PageNode> other = modern.iterator();
        return legacy.stream().allMatch(one -> tag(one).equals(tag(other.next())));
    }

    private static String tag(PageNode node) {
        return node instanceof PageNode.Element element ? element.tag() : "";
    }

    private void inTurn(List<PageNode> legacy, List<PageNode> modern) {
        for (int i = 0; i < legacy.size(); i++) {
            partners(legacy.get(i), modern.get(i));
        }
    }

    private static List<Long> digests(List<PageNode> nodes) {
        return nodes.stream().map(PageNode::digest).sorted().toList();
    }

    /** A text is its element's: that says something else. */
    private void found(Kind kind, PageNode part) {
        boolean missing = kind == Kind.MISSING;
        if (part instanceof PageNode.Text text) {
            String words = shown(text.text());
            findings.add(new Difference(field(), Kind.VALUE, missing ? words : "nothing", missing ? "nothing" : words));
            return;
        }
        path.addLast(part.label());
        findings.add(
                new Difference(field(), kind, missing ? part.label() : "nothing", missing ? "nothing" : part.label()));
        path.removeLast();
    }

    /** From the nearest element on that has a name of its own. */
    private String field() {
        List<String> labels = new ArrayList<>();
        int length = 0;
        for (Iterator<String> each = path.descendingIterator(); each.hasNext(); ) {
            String label = each.next();
            length += label.length() + 3;
            if (label.equals("html") && !labels.isEmpty() || length > LONGEST_FIELD && !labels.isEmpty()) {
                break;
            }
            labels.add(0, label);
            if (label.indexOf('#') >= 0) {
                break;
            }
        }
        return String.join(" > ", labels);
    }

    private String shown(@Nullable String text) {
        if (text == null) {
            return "nothing";
        }
        return rules.values() ? JsonValues.shortened(text) : "text of " + text.length();
    }
}
