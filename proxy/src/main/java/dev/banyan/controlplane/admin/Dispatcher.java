package dev.banyan.controlplane.admin;

import dev.banyan.controlplane.admin.audit.AuditLog;
import dev.banyan.controlplane.admin.http.Answers;
import dev.banyan.controlplane.admin.http.AuditLine;
import dev.banyan.controlplane.admin.http.BoundedBody;
import dev.banyan.controlplane.admin.http.Call;
import dev.banyan.controlplane.admin.http.Caller;
import dev.banyan.controlplane.admin.http.CommonProblems;
import dev.banyan.controlplane.admin.http.Contract;
import dev.banyan.controlplane.admin.http.Operation;
import dev.banyan.controlplane.admin.http.ProblemDetails;
import dev.banyan.controlplane.admin.http.ProblemException;
import dev.banyan.controlplane.admin.http.Reply;
import dev.banyan.controlplane.admin.http.RequestReader;
import dev.banyan.controlplane.admin.tokens.Role;
import dev.banyan.controlplane.admin.tokens.Token;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of one request that came through the gate: role, body, work, audit, answer. Work and audit are done on worker threads, those of
 * reads apart from those of writes, so that many readers do not keep an operator from a freeze.
 */
final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private final Contract contract;
    private final RequestReader reader;
    private final WorkerExecutor readers;
    private final WorkerExecutor writers;
    private final AuditLog audit;
    private final Answers answers;
    private final Clock clock;

    Dispatcher(
            Contract contract,
            WorkerExecutor readers,
            WorkerExecutor writers,
            AuditLog audit,
            Answers answers,
            Clock clock) {
        this.contract = contract;
        this.reader = new RequestReader(contract);
        this.readers = readers;
        this.writers = writers;
        this.audit = audit;
        this.answers = answers;
        this.clock = clock;
    }

    Handler<RoutingContext> doing(Operation operation) {
        Contract.Described described = contract.operation(operation.id());
        // Read now, so that an operation that nobody may do, or everybody, fails the start.
        Role role = described.role();
        return exchange -> dispatch(new Bound(operation, described, role), exchange);
    }

    private record Bound(Operation operation, Contract.Described described, Role role) {}

    /** On the event loop. */
    private void dispatch(Bound bound, RoutingContext exchange) {
        Operation operation = bound.operation();
        Caller caller = Caller.of(exchange);
        AuditLine line = new AuditLine(
                operation,
                exchange.request().method() + " " + exchange.request().path(),
                caller);
        Future<Buffer> body = forbids(bound, caller, exchange)
                .<Future<Buffer>>map(problem -> Future.failedFuture(new ProblemException(problem)))
                .orElseGet(() ->
                        BoundedBody.of(exchange.request(), bound.described().mostBodyBytes()));
        body.transform(read ->
                        workers(operation).executeBlocking(() -> answer(bound, exchange, caller, read, line), false))
                .onSuccess(reply -> answers.write(exchange, reply))
                .onFailure(failure -> answers.fail(exchange, operation.id(), failure));
    }

    private WorkerExecutor workers(Operation operation) {
        return operation.isWrite() ? writers : readers;
    }

    private Reply answer(
            Bound bound, RoutingContext exchange, Caller caller, AsyncResult<Buffer> body, AuditLine line) {
        Operation operation = bound.operation();
        @Nullable ProblemDetails problem = null;
        Reply reply;
        try {
            reply = operation.work().answer(call(bound, exchange, caller, body, line));
        } catch (ProblemException e) {
            problem = e.problem();
            reply = Reply.of(problem);
        } catch (IOException e) {
            LOG.error("could not be kept operation={}", operation.id(), e);
            problem = operation.isWrite() ? notKept(e) : CommonProblems.FAILED;
            reply = Reply.of(problem);
        } catch (Exception e) {
            LOG.error("failed operation={}", operation.id(), e);
            problem = CommonProblems.FAILED;
            reply = Reply.of(problem);
        }
        return operation.isWrite() ? audited(line, reply, problem) : reply;
    }

    private Call call(Bound bound, RoutingContext exchange, Caller caller, AsyncResult<Buffer> body, AuditLine line) {
        if (body.failed()) {
            throw body.cause() instanceof ProblemException told ? told : new ProblemException(BODY_BROKE_OFF);
        }
        if (bound.operation().isWrite()) {
            refuseUnlessAudited();
        }
        return reader.read(bound.described(), exchange, body.result(), caller, line);
    }

    private void refuseUnlessAudited() {
        audit.catchUp();
        audit.notKept().ifPresent(why -> {
            throw new ProblemException(ProblemDetails.of(
                    503,
                    "audit-failed",
                    "The audit log cannot be written",
                    "No change is made that the audit log would not tell of: " + why.why() + ".",
                    why.fix() + ", and send it again"));
        });
    }

    private Reply audited(AuditLine line, Reply reply, @Nullable ProblemDetails problem) {
        try {
            audit.append(line.json(clock.instant(), reply.status(), problem));
            return reply;
        } catch (IOException e) {
            LOG.error("the audit log cannot be written; no change is let through until it is", e);
            return problem == null ? Reply.of(DONE_BUT_NOT_AUDITED) : reply;
        }
    }

    private static Optional<ProblemDetails> forbids(Bound bound, Caller caller, RoutingContext exchange) {
        Token token = caller.token();
        if (!token.role().covers(bound.role())) {
            return Optional.of(ProblemDetails.of(
                    403,
                    "role-too-low",
                    "The token's role does not allow this",
                    "It takes the role " + bound.role().word() + "; token " + token.name() + " is "
                            + token.role().word() + ".",
                    "use a token with that role, or ask an admin for one"));
        }
        return bound.operation().isWithinRoutesOf(token, bound.described().path(), exchange.pathParam("id"))
                ? Optional.empty()
                : Optional.of(CommonProblems.otherRoute(token));
    }

    private static ProblemDetails notKept(IOException failure) {
        return ProblemDetails.of(
                503,
                "store-failed",
                "Store failed",
                "The data directory could not keep it, so nothing was changed: " + failure.getMessage() + ".",
                "free or repair the disk under DATA, then send it again");
    }

    private static final ProblemDetails BODY_BROKE_OFF = ProblemDetails.of(
            400, "bad-request", "The request cannot be read", "The body broke off before its end.", "send it again");

    private static final ProblemDetails DONE_BUT_NOT_AUDITED = ProblemDetails.of(
            500,
            "not-audited",
            "Done, but not in the audit log",
            "The change is in force, and the audit log could not be written.",
            "see GET /v1/revisions for it, and to the disk under DATA; further changes are refused until the line is written");
}
