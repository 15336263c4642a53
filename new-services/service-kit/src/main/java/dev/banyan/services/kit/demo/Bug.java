package dev.banyan.services.kit.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.money.json.RailsJson;
import dev.banyan.services.kit.answers.Answer;
import dev.banyan.services.kit.answers.JsonAnswer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A fault of the kind that a rewrite brings, to be found by who compares the two sides.
 *
 * @param name as it is switched by
 * @param showsIn what it can be seen in
 * @param field where it is seen, in the words of {@code banyan parity}; empty if it is in no field
 * @param what it does, for people
 */
public record Bug(String name, ShowsIn showsIn, String field, String what, Effect effect) {

    /** Where a fault can be seen at all. */
    public enum ShowsIn {
        /** In the answers to reads that a shadow compares. */
        READS,
        /** In how long answers take: a ramp's gates see it, a comparison does not. */
        LATENCY,
        /** In requests that no client sends: it takes a caller who was refused by the monolith. */
        ANONYMOUS,
        /** In requests that no client sends: it takes somebody who is signed in, and asks for what is somebody else's. */
        PROBE,
        /** In nothing that means anything to a client of Rails. */
        NOTHING;

        /** As the control path says it. */
        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** What a fault changes. Called on the event loop. */
    public interface Effect {

        /** A request, before the service has seen it; goes on with it by {@link RoutingContext#next()}, or answers it. */
        default void asked(RoutingContext context) {
            context.next();
        }

        default Answer answered(RoutingContext context, Answer answer) {
            return answer;
        }

        /** Whether a row that the monolith wrote is not taken over. */
        default boolean loses(JsonNode row) {
            return false;
        }
    }

    public static boolean isRead(RoutingContext context) {
        String method = context.request().method().name();
        return method.equals("GET") || method.equals("HEAD");
    }

    /** Changes each answer to a read for which {@code applies}. */
    public static Effect answers(Predicate<Answer> applies, UnaryOperator<Answer> changed) {
        return new Effect() {
            @Override
            public Answer answered(RoutingContext context, Answer answer) {
                return isRead(context) && applies.test(answer) ? changed.apply(answer) : answer;
            }
        };
    }

    /** Changes what good answers to reads say. */
    public static Effect content(Consumer<ObjectNode> change) {
        return answers(answer -> answer.status() == 200, answer -> {
            if (!(RailsJson.parse(answer.body().getBytes()) instanceof ObjectNode document)) {
                return answer;
            }
            change.accept(document);
            return Answer.json(answer.status(), Buffer.buffer(RailsJson.bytes(document)));
        });
    }

    /** Changes each row that is shown, in a list or alone. */
    public static Effect rows(Consumer<ObjectNode> change) {
        return content(document -> {
            if (document.get("items") instanceof ArrayNode items) {
                items.forEach(item -> change.accept((ObjectNode) item));
            } else {
                change.accept(document);
            }
        });
    }

    /** Changes the rows of a list as a whole. */
    public static Effect lists(Consumer<ArrayNode> change) {
        return content(document -> {
            if (document.get("items") instanceof ArrayNode items) {
                change.accept(items);
            }
        });
    }

    /** Answers the reads for which {@code applies} with 500. */
    public static Effect failing(Predicate<HttpServerRequest> applies) {
        return reads(context -> {
            if (applies.test(context.request())) {
                JsonAnswer.sendError(context, 500);
            } else {
                context.next();
            }
        });
    }

    /** Does something to reads before the service sees them. */
    public static Effect reads(Consumer<RoutingContext> asked) {
        return new Effect() {
            @Override
            public void asked(RoutingContext context) {
                if (isRead(context)) {
                    asked.accept(context);
                } else {
                    context.next();
                }
            }
        };
    }
}
