package dev.banyan.controlplane.parity;

import dev.banyan.contract.SeenAnswer;
import dev.banyan.contract.ShadowPair;
import dev.banyan.controlplane.parity.compare.CompareRules;
import dev.banyan.controlplane.parity.compare.Comparison;
import dev.banyan.controlplane.parity.compare.ContentDigest;
import dev.banyan.controlplane.parity.compare.Difference;
import dev.banyan.controlplane.parity.compare.Mixed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Finds entity tags that stay the same though the content has changed: who has the old content would be told to keep it (RFC 9110,
 * 13.1.2). One answer alone does not show that, and weak tags of two sides are never the same; so what modern gave one user for one target
 * is remembered, of some thousands. Used by one thread.
 */
final class EntityTags {
    private static final int MOST = 4_000;
    private static final int OK = 200;

    private final Map<Long, Seen> latest = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Seen> eldest) {
            return size() > MOST;
        }
    };

    /**
     * The tags of both sides, and what modern's content was.
     *
     * @param bytes a number for modern's body as it came
     * @param content what it says by the route's rules; empty: nobody has had to know yet
     */
    private record Seen(int legacyTag, int modernTag, int bytes, OptionalLong content) {

        /** Modern's tag stayed where legacy's did not, nor its own bytes: the content may have changed. */
        boolean isDoubtful(Seen next) {
            return modernTag == next.modernTag && legacyTag != next.legacyTag && bytes != next.bytes;
        }
    }

    /** With one difference more where modern's tag stayed, its content did not, and legacy's tag knew of it. */
    Comparison checked(ShadowPair pair, Comparison comparison, CompareRules rules) {
        String ofLegacy = tag(pair.legacy());
        String ofModern = tag(pair.modern());
        if (ofLegacy.isEmpty() || ofModern.isEmpty() || comparison instanceof Comparison.NotCompared) {
            return comparison;
        }
        long key =
                Mixed.of(pair.targetHash() + 31 * pair.keyHash() + pair.route().hashCode());
        Seen before = latest.get(key);
        Seen now = new Seen(
                ofLegacy.hashCode(),
                ofModern.hashCode(),
                Arrays.hashCode(pair.modern().body()),
                OptionalLong.empty());
        if (before == null || !before.isDoubtful(now)) {
            latest.put(key, now);
            return comparison;
        }
        // What the bytes say takes longer to find out than to compare them, so it is done for the few that are
        // doubtful, from the second on.
        OptionalLong content = OptionalLong.of(ContentDigest.of(pair.modern(), rules));
        latest.put(key, new Seen(now.legacyTag(), now.modernTag(), now.bytes(), content));
        return before.content().isPresent() && !before.content().equals(content) ? with(comparison) : comparison;
    }

    private static Comparison with(Comparison comparison) {
        List<Difference> differences = new ArrayList<>();
        boolean more = false;
        if (comparison instanceof Comparison.Different different) {
            differences.addAll(different.differences());
            more = different.more();
        }
        differences.add(new Difference(
                "header etag", Difference.Kind.VALUE, "another than before", "the same as before, for other content"));
        return new Comparison.Different(differences, more);
    }

    /** Empty without one. */
    private static String tag(SeenAnswer answer) {
        return answer.status() == OK ? answer.first("etag") : "";
    }
}
