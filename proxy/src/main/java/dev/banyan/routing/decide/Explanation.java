package dev.banyan.routing.decide;

import java.util.List;

/**
 * A decision told step by step, for people.
 *
 * @param steps one sentence each, in the order they were taken
 */
public record Explanation(Routed outcome, List<String> steps) {
    public Explanation {
        steps = List.copyOf(steps);
    }
}
