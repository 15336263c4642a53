package dev.banyan.routing.decide;

import java.util.List;

/**
 * A decision told step by step, for people.
 *
 * @param candidates every match whose host and path cover the request and which was not taken
 * @param steps one sentence each, in the order they were taken
 */
public record Explanation(Routed outcome, List<Candidate> candidates, List<String> steps) {
    public Explanation {
        candidates = List.copyOf(candidates);
        steps = List.copyOf(steps);
    }

    /**
     * A match that lost.
     *
     * @param match as files write it, methods and path
     * @param lost why: {@code it does not cover GET}
     */
    public record Candidate(String route, String match, String lost) {}
}
