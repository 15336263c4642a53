package dev.banyan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.json.Json;
import dev.banyan.routing.BaseTable;
import dev.banyan.routing.Flags;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Upstream;
import dev.banyan.routing.decide.Decision;
import dev.banyan.routing.decide.Explanation;
import dev.banyan.routing.decide.RequestLine;
import dev.banyan.routing.decide.Routed;
import dev.banyan.routing.decide.Router;
import dev.banyan.routing.decide.SigningKeys;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** Asks the files of a directory where a request would go; in the words of the admin API's {@code POST /v1/explain}. */
final class FileExplanation {
    private FileExplanation() {}

    static JsonNode of(Path directory, RequestLine request, Clock clock) throws CommandFailed {
        TableFiles files = TableFiles.read(directory);
        BaseTable base = files.table()
                .orElseThrow(() -> CommandFailed.because(
                        directory + ": not a valid table: " + files.problems().get(0),
                        "see all problems with `banyan validate " + directory + "`"));
        // No proxy's keys are known here, so cookies in the request count for nothing, as with any other proxy.
        SecureRandom random = new SecureRandom();
        byte[] secret = new byte[SigningKeys.MIN_BYTES];
        random.nextBytes(secret);
        Router router = new Router(RoutingTable.of(0, base, Flags.NONE), new SigningKeys(secret), random);
        return json(router.explain(request, clock.instant().getEpochSecond()), base);
    }

    private static ObjectNode json(Explanation explanation, BaseTable base) {
        ObjectNode json = Json.object();
        if (explanation.outcome() instanceof Routed.To to) {
            add(json, to.decision());
            addEndpoints(json, base.upstreams().get(to.decision().upstream()));
        } else if (explanation.outcome() instanceof Routed.Refused refused) {
            json.putNull("route")
                    .putNull("side")
                    .putNull("upstream")
                    .put("reason", refused.reason())
                    .putNull("bucket");
            json.putObject("refused").put("status", refused.status()).put("detail", refused.detail());
        }
        ArrayNode candidates = json.putArray("candidates");
        explanation
                .candidates()
                .forEach(candidate -> candidates
                        .addObject()
                        .put("route", candidate.route())
                        .put("match", candidate.match())
                        .put("lost", candidate.lost()));
        explanation.steps().forEach(json.withArray("steps")::add);
        return json;
    }

    private static void add(ObjectNode json, Decision decision) {
        json.put("route", decision.routeId());
        json.put("side", decision.side().word());
        json.put("upstream", decision.upstream());
        json.put("reason", decision.reason().word());
        if (decision.bucket() < 0) {
            json.putNull("bucket");
        } else {
            json.put("bucket", decision.bucket());
        }
        json.putObject("sent")
                .put("method", decision.sent().method())
                .put("path", decision.sent().path());
    }

    /** Files know addresses, and nothing of how they stand. */
    private static void addEndpoints(ObjectNode json, @Nullable Upstream upstream) {
        if (upstream == null) {
            return;
        }
        ArrayNode endpoints = json.putObject("upstream_state").putArray("endpoints");
        if (upstream.address() instanceof Upstream.Fixed fixed) {
            fixed.endpoints().forEach(endpoint -> endpoints.addObject().put("address", endpoint.toString()));
        } else if (upstream.address() instanceof Upstream.Dns dns) {
            endpoints.addObject().put("address", dns.name().toString());
        }
    }
}
