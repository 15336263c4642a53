package dev.banyan.legacystub.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.money.json.RailsJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * The faults in force, and the control path that sets them: {@code /__stub/faults}, no part of the Rails app.
 *
 * <p>POST one rule ({@code {"path": "/api/**", "latency_ms": 50, "error_share": 0.1, "status": 503, "reset_share": 0}}), GET
 * all, DELETE all. A rule for a path replaces the one it had; of several that cover a request the oldest applies.
 */
public final class Faults {

    public static final String CONTROL_PATH = "/__stub/faults";

    private static final long LONGEST_LATENCY_MILLIS = 600_000;

    private final DoubleSupplier random;

    // Read for every request, written by hand now and then.
    private volatile List<FaultRule> rules = List.of();

    /**
     * Starts without rules.
     *
     * @param random numbers from 0 to 1, 1 excluded
     */
    public Faults(DoubleSupplier random) {
        this.random = random;
    }

    /** What the control path answers. */
    public record Reply(int status, Map<String, ?> content) {}

    public Fault draw(String path) {
        for (FaultRule rule : rules) {
            if (rule.covers(path)) {
                return draw(rule);
            }
        }
        return Fault.NONE;
    }

    public synchronized Reply control(String method, byte[] body) {
        return switch (method) {
            case "GET", "HEAD" -> new Reply(200, Map.of("rules", shown()));
            case "POST" -> add(body);
            case "DELETE" -> {
                rules = List.of();
                yield new Reply(200, Map.of("rules", shown()));
            }
            default -> refused(405, "method: " + method + " (expected: GET, POST or DELETE)");
        };
    }

    private Fault draw(FaultRule rule) {
        double drawn = random.getAsDouble();
        if (drawn < rule.resetShare()) {
            return new Fault(rule.latency(), Fault.Kind.RESET, rule.status());
        }
        return drawn < rule.resetShare() + rule.errorShare()
                ? new Fault(rule.latency(), Fault.Kind.ERROR, rule.status())
                : new Fault(rule.latency(), Fault.Kind.NONE, 200);
    }

    private Reply add(byte[] body) {
        JsonNode node = RailsJson.parse(body);
        if (node == null || !node.isObject()) {
            return refused(400, "body: no JSON object");
        }
        String path = node.path("path").asText("/**");
        long latencyMillis = node.path("latency_ms").asLong(0);
        double errorShare = node.path("error_share").asDouble(0);
        double resetShare = node.path("reset_share").asDouble(0);
        int status = node.path("status").asInt(503);
        if (!path.startsWith("/")) {
            return refused(422, "path: " + path + " (expected: /...)");
        }
        if (latencyMillis < 0 || latencyMillis > LONGEST_LATENCY_MILLIS) {
            return refused(422, "latency_ms: " + latencyMillis + " (expected: 0 to " + LONGEST_LATENCY_MILLIS + ")");
        }
        if (errorShare < 0 || resetShare < 0 || errorShare + resetShare > 1) {
            return refused(422, "error_share and reset_share: (expected: 0 to 1, together too)");
        }
        if (status < 400 || status > 599) {
            return refused(422, "status: " + status + " (expected: 400 to 599)");
        }
        put(new FaultRule(
                path, FaultRule.pattern(path), Duration.ofMillis(latencyMillis), errorShare, status, resetShare));
        return new Reply(201, Map.of("rules", shown()));
    }

    private synchronized void put(FaultRule added) {
        List<FaultRule> next = new ArrayList<>(rules);
        next.removeIf(rule -> rule.path().equals(added.path()));
        next.add(added);
        rules = List.copyOf(next);
    }

    private List<Map<String, Object>> shown() {
        return rules.stream().map(Faults::shown).toList();
    }

    private static Map<String, Object> shown(FaultRule rule) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("path", rule.path());
        shown.put("latency_ms", rule.latency().toMillis());
        shown.put("error_share", rule.errorShare());
        shown.put("status", rule.status());
        shown.put("reset_share", rule.resetShare());
        return shown;
    }

    private static Reply refused(int status, String why) {
        return new Reply(status, Map.of("error", why));
    }
}
