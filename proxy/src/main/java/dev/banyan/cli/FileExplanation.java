package dev.banyan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.routing.BaseTable;
import dev.banyan.routing.Flags;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.decide.Decision;
import dev.banyan.routing.decide.Explanation;
import dev.banyan.routing.decide.RequestLine;
import dev.banyan.routing.decide.Routed;
import dev.banyan.routing.decide.Router;
import dev.banyan.routing.decide.SigningKeys;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;

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
        return json(router.explain(request, clock.instant().getEpochSecond()));
    }

    private static ObjectNode json(Explanation explanation) {
        ObjectNode json = Json.object();
        if (explanation.outcome() instanceof Routed.To to) {
            add(json, to.decision());
        } else if (explanation.outcome() instanceof Routed.Refused refused) {
            json.putNull("route")
                    .putNull("side")
                    .putNull("upstream")
                    .put("reason", refused.reason())
                    .putNull("bucket");
            json.putObject("refused").put("status", refused.status()).put("detail", refused.detail());
        }
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
        json.putObject("sent").put("method", decision.sentMethod()).put("path", decision.sentPath());
    }
}
