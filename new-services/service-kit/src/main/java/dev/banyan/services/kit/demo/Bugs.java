package dev.banyan.services.kit.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.services.kit.answers.Answer;
import dev.banyan.services.kit.answers.JsonAnswer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The bugs of a service, and the control path that switches them: {@code GET /_bugs} lists them, {@code PUT} and {@code DELETE
 * /_bugs/NAME} switch one on and off. Used on the event loop only.
 */
public final class Bugs {
    /** Of a service that was not told to have any: no path, no effect. */
    public static final Bugs NONE = new Bugs(List.of());

    private static final String PATH = "/_bugs";
    private static final String ONE = PATH + "/:name";

    private final Map<String, Bug> known = new LinkedHashMap<>();
    private final Map<String, Bug> on = new TreeMap<>();

    public Bugs(List<Bug> bugs) {
        bugs.forEach(bug -> known.put(bug.name(), bug));
    }

    /** Before the service mounts what it has. */
    public void mount(Router router) {
        if (known.isEmpty()) {
            return;
        }
        router.route(PATH + "*").handler(LoopbackOnly::check);
        router.get(PATH).handler(this::list);
        router.put(ONE).handler(this::turn);
        router.delete(ONE).handler(this::turn);
        router.route().handler(this::watch);
        // One handler each, so that several that are on come one after the other.
        known.values().forEach(bug -> router.route().handler(context -> asked(bug, context)));
    }

    private void watch(RoutingContext context) {
        JsonAnswer.change(context, answer -> answered(context, answer));
        context.next();
    }

    private void asked(Bug bug, RoutingContext context) {
        if (on.containsKey(bug.name())) {
            bug.effect().asked(context);
        } else {
            context.next();
        }
    }

    /** The answer as the bugs that are on leave it. */
    private Answer answered(RoutingContext context, Answer answer) {
        Answer left = answer;
        for (Bug bug : on.values()) {
            left = bug.effect().answered(context, left);
        }
        return left;
    }

    /** Whether a row that the monolith wrote is not taken over. */
    boolean lose(JsonNode row) {
        return on.values().stream().anyMatch(bug -> bug.effect().loses(row));
    }

    private void list(RoutingContext context) {
        JsonAnswer.sendPlain(
                context, 200, known.values().stream().map(this::shown).toList());
    }

    private void turn(RoutingContext context) {
        Bug bug = known.get(context.pathParam("name"));
        if (bug == null) {
            JsonAnswer.sendPlain(
                    context, 404, Map.of("error", "no such bug here", "known", List.copyOf(known.keySet())));
            return;
        }
        if (context.request().method().equals(HttpMethod.PUT)) {
            on.put(bug.name(), bug);
        } else {
            on.remove(bug.name());
        }
        JsonAnswer.sendPlain(context, 200, shown(bug));
    }

    private Map<String, Object> shown(Bug bug) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("name", bug.name());
        shown.put("shows-in", bug.showsIn().word());
        shown.put("field", bug.field());
        shown.put("what", bug.what());
        shown.put("on", on.containsKey(bug.name()));
        return shown;
    }
}
