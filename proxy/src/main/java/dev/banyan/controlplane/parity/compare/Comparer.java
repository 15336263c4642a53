package dev.banyan.controlplane.parity.compare;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.contract.SeenAnswer;
import dev.banyan.controlplane.parity.compare.Difference.Kind;
import java.util.Arrays;
import java.util.Optional;

/** READ FIRST: whether two answers to one request say the same. Their heads, then their bodies by the type that both say they have. */
public final class Comparer {
    private static final int TOO_MANY = 429;
    private static final double UNLIKE = 1.25;

    private Comparer() {}

    /** Both to the same request. Takes time by their size, which is bounded; never throws. */
    public static Comparison compare(SeenAnswer legacy, SeenAnswer modern, CompareRules rules) {
        try {
            mustBeComparable(legacy);
            mustBeComparable(modern);
            Findings findings = new Findings();
            HeadComparison.compare(legacy, modern, rules, findings);
            if (legacy.status() == modern.status()
                    && !areSameBytes(legacy, modern)
                    && areOfOneType(legacy, modern)
                    && !RedirectNote.isAllThatIsSaid(legacy, modern, rules)) {
                bodies(legacy, modern, rules, findings);
            }
            return findings.comparison();
        } catch (NotComparable e) {
            return new Comparison.NotCompared(e.why());
        }
    }

    /**
     * Whether one side's answers to two who ask may be the same page: they say the same, or are about as long. A page to log in by is much
     * shorter, or longer, than what it keeps; where nobody can tell, they may.
     */
    public static boolean resemble(SeenAnswer one, SeenAnswer other, CompareRules rules) {
        if (compare(one, other, rules) instanceof Comparison.Matched) {
            return true;
        }
        try {
            double length = Math.max(1, Content.of(one).length);
            double otherLength = Math.max(1, Content.of(other).length);
            return Math.max(length / otherLength, otherLength / length) < UNLIKE;
        } catch (NotComparable e) {
            return true;
        }
    }

    private static void mustBeComparable(SeenAnswer answer) {
        if (!answer.isWhole()) {
            throw new NotComparable(answer.unseen());
        }
        if (answer.isPartial()) {
            throw new NotComparable("conditional");
        }
        if (answer.status() == TOO_MANY) {
            throw new NotComparable("rate-limited");
        }
    }

    private static boolean areSameBytes(SeenAnswer legacy, SeenAnswer modern) {
        return Arrays.equals(legacy.body(), modern.body())
                && legacy.first("content-encoding").equals(modern.first("content-encoding"));
    }

    private static boolean areOfOneType(SeenAnswer legacy, SeenAnswer modern) {
        return MediaType.of(legacy).essence().equals(MediaType.of(modern).essence());
    }

    private static void bodies(SeenAnswer legacy, SeenAnswer modern, CompareRules rules, Findings findings) {
        byte[] ofLegacy = Content.of(legacy);
        byte[] ofModern = Content.of(modern);
        if (Arrays.equals(ofLegacy, ofModern)) {
            return;
        }
        if (MediaType.of(legacy).isJson()) {
            Optional<JsonNode> one = JsonDocument.of(ofLegacy);
            Optional<JsonNode> other = JsonDocument.of(ofModern);
            if (one.isPresent() && other.isPresent()) {
                JsonComparison.compare(one.get(), other.get(), rules, findings);
                return;
            }
            if (one.isPresent()) {
                findings.add(new Difference("body", Kind.MALFORMED, "JSON", bytes(ofModern)));
                return;
            }
        }
        if (MediaType.of(legacy).isHtml()) {
            PageComparison.compare(Page.of(legacy, ofLegacy, rules), Page.of(modern, ofModern, rules), rules, findings);
            return;
        }
        findings.add(new Difference("body", Kind.VALUE, bytes(ofLegacy), bytes(ofModern)));
    }

    private static String bytes(byte[] body) {
        return body.length + " bytes";
    }
}
