package dev.banyan.controlplane.parity.compare;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The differences of one pair, each field once, and no more than a person would read. */
final class Findings {
    private static final int MOST = 50;

    private final int most;
    private final List<Difference> differences = new ArrayList<>();
    private final Set<String> told = new HashSet<>();
    private boolean more;

    Findings() {
        this(MOST);
    }

    private Findings(int most) {
        this.most = most;
    }

    /** For who wants to know only whether there is any. */
    static Findings any() {
        return new Findings(1);
    }

    void add(Difference difference) {
        if (!told.add(difference.kind() + difference.field())) {
            return;
        }
        if (differences.size() < most) {
            differences.add(difference);
        } else {
            more = true;
        }
    }

    /**
     * That two texts differ, and whether they look different, too.
     *
     * @param shownLegacy what is told of legacy's
     * @param shownModern what is told of modern's
     */
    void texts(String field, String legacy, String modern, String shownLegacy, String shownModern) {
        Difference difference = new Difference(
                field,
                Difference.Kind.VALUE,
                shownLegacy,
                shownModern,
                Difference.word(legacy),
                Difference.word(modern));
        add(difference);
        if (!Shape.of(legacy).equals(Shape.of(modern))) {
            add(difference.ofShape());
        }
    }

    /** Whether more would change nothing. */
    boolean isDecided() {
        return most == 1 && !isEmpty();
    }

    boolean isEmpty() {
        return differences.isEmpty();
    }

    Comparison comparison() {
        return isEmpty() ? new Comparison.Matched() : new Comparison.Different(differences, more);
    }
}
