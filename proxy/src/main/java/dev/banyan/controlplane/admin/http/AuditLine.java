package dev.banyan.controlplane.admin.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.json.Json;
import java.time.Instant;
import java.util.Collection;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the audit log tells of one try to change something; filled in while the request goes its way, on one thread at a time. */
public final class AuditLine {
    private static final Pattern OF_ROUTE = Pattern.compile("[A-Z]+ /v1/routes/([a-z0-9-]{1,64})/");

    private final Operation operation;
    private final Caller caller;
    private String what;
    private String reason = "";
    private long before;
    private long after;
    private final NavigableSet<String> routes = new TreeSet<>();

    /**
     * Of which only so much is known yet.
     *
     * @param request its method and path
     */
    public AuditLine(Operation operation, String request, Caller caller) {
        this.operation = operation;
        this.caller = caller;
        // Until the body is read, this is all that is known.
        this.what = shortened(request);
        Matcher ofRoute = OF_ROUTE.matcher(request);
        if (ofRoute.lookingAt()) {
            routes.add(ofRoute.group(1));
        }
    }

    /**
     * Says what is asked for, once the body is read.
     *
     * @param what in the words of the commands: {@code canary transactions 25%}
     */
    public void asks(String what, String reason) {
        this.what = shortened(what);
        this.reason = reason;
    }

    /** Adds routes that it is about. */
    public void concerns(Collection<String> more) {
        routes.addAll(more);
    }

    public void revisions(long before, long after) {
        this.before = before;
        this.after = after;
    }

    public ObjectNode json(Instant time, int status, @Nullable ProblemDetails problem) {
        ObjectNode json = Json.object();
        json.put("time", time.toString());
        json.put("who", caller.token().name());
        json.put("token", caller.token().id());
        json.put("role", caller.token().role().word());
        json.put("from", caller.peer());
        json.put("operation", operation.id());
        json.put("what", what);
        json.put("reason", reason);
        if (!routes.isEmpty()) {
            json.set("routes", Json.array(routes));
        }
        if (before > 0) {
            json.put("revision_before", before);
            json.put("revision_after", after);
        }
        json.put("result", problem == null ? (before == after && before > 0 ? "unchanged" : "done") : "refused");
        json.put("status", status);
        if (problem != null) {
            json.put("problem", problem.type());
        }
        return json;
    }

    public static String shortened(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "...";
    }
}
