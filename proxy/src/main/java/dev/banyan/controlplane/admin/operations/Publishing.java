package dev.banyan.controlplane.admin.operations;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.controlplane.admin.audit.ChangedRoutes;
import dev.banyan.controlplane.admin.http.Call;
import dev.banyan.controlplane.admin.http.CommonProblems;
import dev.banyan.controlplane.admin.http.IfMatch;
import dev.banyan.controlplane.admin.http.ProblemDetails;
import dev.banyan.controlplane.admin.http.ProblemException;
import dev.banyan.controlplane.admin.http.Reply;
import dev.banyan.controlplane.admin.views.EntityTags;
import dev.banyan.controlplane.revisions.Cause;
import dev.banyan.controlplane.revisions.Change;
import dev.banyan.controlplane.revisions.Outcome;
import dev.banyan.controlplane.revisions.Precondition;
import dev.banyan.controlplane.revisions.Revision;
import dev.banyan.controlplane.revisions.Revisions;
import dev.banyan.json.Json;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Words;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Hands a change to the one writer, under the caller's precondition, and tells what came of it. */
final class Publishing {
    /** Under the CLI's own deadline, so that it hears a reason instead of nothing. */
    static final Duration DEADLINE = Duration.ofSeconds(20);

    private final Revisions revisions;
    private final Preconditions preconditions;

    Publishing(Revisions revisions) {
        this.revisions = revisions;
        this.preconditions = new Preconditions(revisions);
    }

    /** How a change is made, where it takes more than to submit it. */
    interface Submission {
        CompletionStage<Outcome> submit(Cause cause, Precondition precondition);
    }

    /** A change that was made, or was not needed; other outcomes are refusals. */
    record Done(ObjectNode json, String tag) {
        Reply reply() {
            return Reply.ok(json).tagged(tag);
        }
    }

    Done make(Call call, String reason, Change change) {
        mustExist(change.route());
        return make(call, reason, change.route(), change);
    }

    /** @param tagged the route whose tag If-Match is compared with; empty: the table's number */
    Done make(Call call, String reason, Optional<String> tagged, Change change) {
        return make(
                call, reason, tagged, DEADLINE, (cause, precondition) -> revisions.submit(change, cause, precondition));
    }

    /** @param deadline for a change that has more to wait for than the store */
    Done make(Call call, String reason, Change change, Duration deadline, Submission submission) {
        mustExist(change.route());
        return make(call, reason, change.route(), deadline, submission);
    }

    private void mustExist(Optional<String> route) {
        RoutingTable table = revisions.current().table();
        // Before the first table no route is known, and the writer says so.
        route.filter(id -> table.revision() > 0 && !table.routes().containsKey(id))
                .ifPresent(id -> {
                    throw CommonProblems.noSuchRoute(id, table.routes().keySet());
                });
    }

    private Done make(Call call, String reason, Optional<String> route, Duration deadline, Submission submission) {
        IfMatch ifMatch = call.ifMatch();
        Precondition precondition =
                route.isPresent() ? preconditions.ofRoute(ifMatch, route.get()) : preconditions.ofTable(ifMatch);
        long before = revisions.current().number();
        call.audit().revisions(before, before);
        call.audit().concerns(route.stream().toList());
        Cause cause = new Cause(call.caller().token().name(), reason);
        Outcome outcome = await(submission.submit(cause, precondition), deadline);
        if (outcome instanceof Outcome.Changed changed) {
            call.audit()
                    .revisions(changed.revision().parent(), changed.revision().number());
            call.audit().concerns(ChangedRoutes.of(changed.revision(), revisions));
            return done(true, changed.revision(), route);
        }
        if (outcome instanceof Outcome.Unchanged unchanged) {
            long number = unchanged.current().number();
            call.audit().revisions(number, number);
            return done(false, unchanged.current(), route);
        }
        throw refused((Outcome.Refused) outcome, ifMatch, route);
    }

    private static Done done(boolean changed, Revision revision, Optional<String> route) {
        ObjectNode json = Json.object().put("revision", revision.number()).put("changed", changed);
        json.set("changes", Json.array(changed ? revision.changes() : List.of()));
        revision.pinnedTo().ifPresent(number -> json.put("pinned_to", number));
        String tag = route.map(id -> EntityTags.ofRoute(revision, id)).orElse(Long.toString(revision.number()));
        return new Done(json, tag);
    }

    private ProblemException refused(Outcome.Refused refused, IfMatch ifMatch, Optional<String> route) {
        if (refused.why() == Outcome.Why.STALE) {
            return route.map(id -> preconditions.staleRoute(ifMatch, id))
                    .orElseGet(() -> preconditions.staleTable(ifMatch));
        }
        if (refused.why() == Outcome.Why.INVALID) {
            return invalid(refused);
        }
        String type = Words.of(refused.why());
        String title = refused.why().name().charAt(0) + type.substring(1).replace('-', ' ');
        return new ProblemException(
                ProblemDetails.of(status(refused.why()), type, title, refused.what(), refused.fix()));
    }

    private static ProblemException invalid(Outcome.Refused refused) {
        List<String> problems = refused.what().lines().toList();
        return new ProblemException(ProblemDetails.of(
                        status(refused.why()),
                        "invalid",
                        "The files have problems",
                        problems.size() == 1 ? problems.get(0) : problems.size() + " problems; nothing was changed.",
                        refused.fix())
                .with("problems", Json.array(problems)));
    }

    private static int status(Outcome.Why why) {
        return switch (why) {
            case NO_SUCH_ROUTE, NO_SUCH_REVISION -> 404;
            // What stands in the way is the state that things are in, and somebody can change that.
            case STRANDS_WRITES,
                    NO_SUCH_SIDE,
                    NOT_PINNED,
                    PINNED,
                    SOURCE_IS_FILES,
                    DOES_NOT_FIT,
                    TOO_MANY_KNOWN,
                    OTHER_FREEZE,
                    NO_OWNER,
                    READERS_LAG,
                    MOVE_UNDER_WAY,
                    NOT_DRAINED,
                    CHANGED_MEANWHILE,
                    INVALID -> 409;
            case STALE -> 412;
            case NOT_READY, STORE_FAILED -> 503;
        };
    }

    private static Outcome await(CompletionStage<Outcome> pending, Duration deadline) {
        try {
            return pending.toCompletableFuture().get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new ProblemException(ProblemDetails.of(
                    504,
                    "store-slow",
                    "The store has not answered",
                    "The change was handed to the store, which has not answered for " + deadline.toSeconds() + " s.",
                    "ask GET /v1/revisions whether it was made before you try again"));
        } catch (ExecutionException e) {
            throw new IllegalStateException("a change ended with an exception instead of an outcome", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("closed while a change was under way", e);
        }
    }
}
