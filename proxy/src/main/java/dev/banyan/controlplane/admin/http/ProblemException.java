package dev.banyan.controlplane.admin.http;

import java.io.Serial;

/**
 * Ends a request early with a problem. An exception, against our habit, because a request is read in many small steps that would
 * each have to pass the outcome on; caught in one place, by the dispatcher.
 */
public final class ProblemException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient ProblemDetails problem;

    public ProblemException(ProblemDetails problem) {
        // No stack trace: it is the client's mistake, not ours.
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    public ProblemDetails problem() {
        return problem;
    }
}
