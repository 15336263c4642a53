package dev.banyan.controlplane.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who may do what: tokens are made, listed and revoked. */
final class TokenOperations {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");
    private static final Pattern EXPIRES = Pattern.compile("([1-9][0-9]{0,5})([smhd])");

    /** Authors of revisions that are no person's. */
    private static final Set<String> TAKEN = Set.of("files", "start", "ramp");

    private final Tokens tokens;
    private final Clock clock;

    TokenOperations(Tokens tokens, Clock clock) {
        this.tokens = tokens;
        this.clock = clock;
    }

    private record Asked(String name, Optional<Role> role, Optional<String> route, Optional<Duration> expires) {}

    Reply create(Call call) throws IOException {
        call.parameters();
        Asked asked = Fields.read(call.body(), false, TokenOperations::asked);
        Role role = asked.role().orElseThrow();
        call.attempt().asks("token create --role " + role.word() + " --name " + asked.name(), "");
        Instant now = clock.instant();
        Tokens.Made made = tokens.make(
                        asked.name(), role, asked.route(), asked.expires().map(now::plus))
                .orElseThrow(() -> new Refusal(ProblemDetails.of(
                        409,
                        "too-many-tokens",
                        "There are too many tokens",
                        "There are " + Tokens.MOST + " tokens already.",
                        "revoke those that nobody uses")));
        // The one time that the text is shown.
        return Reply.json(201, TokenFile.json(made.token()).put("token", made.text()));
    }

    Reply list(Call call) {
        call.parameters();
        ObjectNode json = Json.object();
        ArrayNode all = json.putArray("tokens");
        tokens.all().forEach(token -> all.add(TokenFile.json(token)));
        return Reply.ok(json);
    }

    Reply revoke(Call call) throws IOException {
        call.parameters();
        String id = call.path("id");
        call.attempt().asks("token revoke " + id, "");
        return switch (tokens.revoke(id)) {
            case DONE -> Reply.ok(Json.object().put("id", id).put("revoked", true));
            case NO_SUCH_TOKEN ->
                throw new Refusal(ProblemDetails.of(
                        404,
                        "no-such-token",
                        "There is no such token",
                        "No token has that id.",
                        "see GET /v1/tokens for those there are"));
            case LAST_ADMIN ->
                throw new Refusal(ProblemDetails.of(
                        409,
                        "last-admin",
                        "It is the last admin token that lasts",
                        "Without it nobody could make another.",
                        "make another admin token without an expiry first"));
        };
    }

    private static Asked asked(Fields in) {
        String name = in.requiredText("name", 64);
        if (!name.isBlank() && (!NAME.matcher(name).matches() || TAKEN.contains(name))) {
            in.problem(
                    "name: taken, or has other characters; fix: write letters, digits and . _ @ -, such as squad-money");
        }
        Optional<Role> role = in.word("role", Role::ofWord, List.of("viewer", "operator", "admin"));
        Optional<String> route = in.text("route", 64);
        if (route.isPresent() && !role.equals(Optional.of(Role.OPERATOR))) {
            in.problem("route: only an operator's token can be for one route; fix: leave it out");
        }
        return new Asked(name, role, route, in.text("expires", 16).flatMap(text -> expires(in, text)));
    }

    private static Optional<Duration> expires(Fields in, String text) {
        Matcher parts = EXPIRES.matcher(text);
        if (!parts.matches()) {
            return in.problem("expires: not a duration; fix: write one such as 12h or 30d");
        }
        long count = Long.parseLong(parts.group(1));
        return Optional.of(
                switch (parts.group(2)) {
                    case "s" -> Duration.ofSeconds(count);
                    case "m" -> Duration.ofMinutes(count);
                    case "h" -> Duration.ofHours(count);
                    default -> Duration.ofDays(count);
                });
    }
}
