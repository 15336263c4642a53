package dev.banyan.controlplane.admin.operations;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.contract.Span;
import dev.banyan.controlplane.admin.access.FailedAuthentications;
import dev.banyan.controlplane.admin.audit.BackgroundAudit;
import dev.banyan.controlplane.admin.http.Call;
import dev.banyan.controlplane.admin.http.Fields;
import dev.banyan.controlplane.admin.http.ProblemDetails;
import dev.banyan.controlplane.admin.http.ProblemException;
import dev.banyan.controlplane.admin.http.Reply;
import dev.banyan.controlplane.admin.tokens.Role;
import dev.banyan.controlplane.admin.tokens.TokenJson;
import dev.banyan.controlplane.admin.tokens.Tokens;
import dev.banyan.json.Json;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.NavigableSet;
import java.util.Optional;

/** Who may do what: tokens are made, listed and revoked. */
public final class TokenOperations {
    private final Tokens tokens;
    private final Clock clock;

    public TokenOperations(Tokens tokens, Clock clock) {
        this.tokens = tokens;
        this.clock = clock;
    }

    private record Asked(String name, Role role, NavigableSet<String> routes, Optional<Span> expires) {

        /** In the words of the command. */
        String what() {
            StringBuilder what = new StringBuilder("token create --role ");
            what.append(role.word()).append(" --name ").append(name);
            routes.forEach(route -> what.append(" --route ").append(route));
            expires.ifPresent(span -> what.append(" --expires ").append(span));
            return what.toString();
        }
    }

    public Reply create(Call call) throws IOException {
        Asked asked = Fields.read(call.body(), TokenOperations::asked);
        call.audit().asks(asked.what(), "");
        Optional<Instant> expires = asked.expires().map(span -> clock.instant().plus(span.duration()));
        Tokens.Made made = tokens.make(asked.name(), asked.role(), asked.routes(), expires)
                .orElseThrow(() -> new ProblemException(ProblemDetails.of(
                        409,
                        "too-many-tokens",
                        "There are too many tokens",
                        "There are " + Tokens.MOST + " tokens already.",
                        "revoke those that nobody uses")));
        // The one time that the text is shown.
        return Reply.json(201, TokenJson.of(made.token()).put("token", made.text()));
    }

    public Reply list(Call call) {
        ObjectNode json = Json.object();
        ArrayNode all = json.putArray("tokens");
        tokens.all().forEach(token -> all.add(TokenJson.of(token)));
        return Reply.ok(json);
    }

    public Reply revoke(Call call) throws IOException {
        String id = call.path("id");
        call.audit().asks("token revoke " + id, "");
        return switch (tokens.revoke(id)) {
            case DONE -> Reply.ok(Json.object().put("id", id).put("revoked", true));
            case NO_SUCH_TOKEN ->
                throw new ProblemException(ProblemDetails.of(
                        404,
                        "no-such-token",
                        "There is no such token",
                        "No token has that id.",
                        "see GET /v1/tokens for those there are"));
            case LAST_ADMIN ->
                throw new ProblemException(ProblemDetails.of(
                        409,
                        "last-admin",
                        "It is the last admin token that lasts",
                        "Without it nobody could make another.",
                        "make another admin token without an expiry first"));
        };
    }

    private static Asked asked(Fields in) {
        String name = in.requiredText("name");
        if (BackgroundAudit.AUTHORS.contains(name) || name.equals(FailedAuthentications.NOBODY)) {
            in.problem("/name: taken by Banyan itself; fix: write another, such as squad-money");
        }
        Role role = in.word("role", Role::ofWord);
        NavigableSet<String> routes = in.routes();
        if (!routes.isEmpty() && role != Role.OPERATOR) {
            in.problem(
                    "/routes: only an operator's token can be bound to routes: a viewer changes none, and what takes an"
                            + " admin changes all; fix: leave it out, or make it an operator's");
        }
        return new Asked(name, role, routes, in.span("expires"));
    }
}
