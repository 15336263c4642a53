package dev.banyan.services.kit.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.money.json.RailsJson;
import dev.banyan.services.kit.answers.JsonAnswer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A stand-in for events, for the demo only: takes the rows that the monolith's stub wrote, in the order in which it wrote them.
 *
 * <p>{@code POST /_writes} with {@code {"run": "…", "from": 12, "rows": [ … ]}}: rows from the twelfth on of that run of the stub. The
 * answer says how many there are now, {@code {"have": 14}}, and the stub goes on from there; so a service that was started anew gets all,
 * and what was written by another run of the stub, whose tables are gone, is forgotten.
 */
public final class HandedWrites {
    private static final String PATH = "/_writes";
    private static final long MAX_BODY_BYTES = 1024 * 1024;

    private final Bugs bugs;
    private final Taker taker;
    private String run = "";
    private long have;

    /** What a service keeps of the monolith's writes, in memory. */
    public interface Taker {

        void take(JsonNode row);

        /** All that was taken. */
        void forget();
    }

    public HandedWrites(Bugs bugs, Taker taker) {
        this.bugs = bugs;
        this.taker = taker;
    }

    public void mount(Router router) {
        router.route(PATH).handler(LoopbackOnly::check);
        router.post(PATH)
                .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
                .handler(this::take);
    }

    private void take(RoutingContext context) {
        JsonNode said = RailsJson.parse(context.body().buffer().getBytes());
        if (said == null || !said.path("rows").isArray()) {
            JsonAnswer.sendError(context, 400);
            return;
        }
        if (!said.path("run").asText().equals(run)) {
            run = said.path("run").asText();
            have = 0;
            taker.forget();
        }
        long number = said.path("from").asLong();
        for (JsonNode row : said.path("rows")) {
            if (number == have) {
                have++;
                if (!bugs.lose(row)) {
                    taker.take(row);
                }
            }
            number++;
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("run", run);
        answer.put("have", have);
        JsonAnswer.sendPlain(context, 200, answer);
    }
}
