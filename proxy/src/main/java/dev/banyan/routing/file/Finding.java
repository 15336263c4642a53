package dev.banyan.routing.file;

import dev.banyan.yaml.Problem;
import java.util.Map;
import java.util.Set;

/**
 * A problem that files have with each other.
 *
 * @param elsewhere the same, told at its other places, by file
 * @param facts what it is about, as {@link Merging} names it: whoever began or ceased to say such a thing may have caused it
 */
record Finding(Problem problem, Map<String, Problem> elsewhere, Set<String> facts) {
    Finding {
        elsewhere = Map.copyOf(elsewhere);
        facts = Set.copyOf(facts);
    }

    static Finding at(Problem problem, String... facts) {
        return new Finding(problem, Map.of(), Set.of(facts));
    }

    /** Between two places; told at the later one, in the files' order. */
    static Finding between(Problem problem, Problem other, String fact) {
        return new Finding(
                problem, problem.file().equals(other.file()) ? Map.of() : Map.of(other.file(), other), Set.of(fact));
    }

    boolean isAt(String file) {
        return problem.file().equals(file) || elsewhere.containsKey(file);
    }
}
