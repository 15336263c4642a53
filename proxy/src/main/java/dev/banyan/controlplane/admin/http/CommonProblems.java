package dev.banyan.controlplane.admin.http;

import dev.banyan.controlplane.admin.tokens.Token;
import dev.banyan.json.Json;
import java.util.Collection;
import java.util.List;

/** CommonProblems that more than one operation has. */
public final class CommonProblems {
    public static final ProblemDetails FAILED = ProblemDetails.of(
            500, "failed", "Banyan failed", "The request failed by a mistake of Banyan's own.", "see the proxy's log");

    private CommonProblems() {}

    public static ProblemException badRequest(String detail, String fix) {
        return new ProblemException(ProblemDetails.of(400, "bad-request", "The request cannot be read", detail, fix));
    }

    /** Every problem at once, each as {@code what; fix: ...}. */
    public static ProblemException badRequest(List<String> problems) {
        return new ProblemException(ProblemDetails.of(
                        400,
                        "bad-request",
                        "The request cannot be read",
                        problems.size() == 1 ? problems.get(0) : problems.size() + " things are wrong with it.",
                        "see openapi.yaml for what this operation takes")
                .with("problems", Json.array(problems)));
    }

    public static ProblemException noSuchRoute(String id, Collection<String> known) {
        String hint = DidYouMean.hint(known, id);
        return new ProblemException(ProblemDetails.of(
                404,
                "no-such-route",
                "There is no such route",
                "No route is called " + id + ".",
                hint.isEmpty() ? "see GET /v1/routes for those there are" : hint));
    }

    public static ProblemDetails otherRoute(Token token) {
        return ProblemDetails.of(
                403,
                "other-route",
                "The token is bound to other routes",
                "Token " + token.name() + " may change these routes only, and nothing that others share: "
                        + String.join(", ", token.routes()) + ".",
                "use a token that is not bound to routes, or is bound to this one");
    }

    public static ProblemException noSuchRevision(long number, long newest) {
        return new ProblemException(ProblemDetails.of(
                404,
                "no-such-revision",
                "There is no such revision",
                "There is no revision " + number + "; the newest is " + newest + ".",
                "see GET /v1/revisions for those there are"));
    }
}
