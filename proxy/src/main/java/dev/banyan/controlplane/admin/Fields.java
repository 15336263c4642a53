package dev.banyan.controlplane.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.banyan.contract.Span;
import dev.banyan.routing.Share;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The members of a JSON object, read one by one; afterwards what was not read is unknown. Collects every problem and refuses at the
 * end, so whoever asks mends all of them at once. Stands where validation against openapi.yaml will stand.
 */
final class Fields {
    static final int LONGEST_REASON = 500;
    private static final int MOST_ROUTES = 100;
    private static final Pattern ROUTE_ID = Pattern.compile("[a-z0-9-]{1,64}");

    private final JsonNode object;
    private final Set<String> known = new LinkedHashSet<>();
    private final List<String> problems = new ArrayList<>();

    private Fields(JsonNode object) {
        this.object = object;
    }

    /** Reads a whole body. An empty one is an object without members if {@code mayBeEmpty}. */
    static <T> T read(Buffer body, boolean mayBeEmpty, Function<Fields, T> reader) {
        Fields fields = new Fields(body.length() == 0 && mayBeEmpty ? Json.object() : parse(body));
        T value = reader.apply(fields);
        fields.refuseUnknown();
        if (!fields.problems.isEmpty()) {
            throw Problems.badRequest(fields.problems);
        }
        return value;
    }

    private static JsonNode parse(Buffer body) {
        try {
            JsonNode node = Json.read(body.getBytes());
            if (!node.isObject()) {
                throw Problems.badRequest(
                        "The body is not a JSON object.", "send an object, such as {\"reason\": \"...\"}");
            }
            return node;
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null
                    ? ""
                    : " at line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr();
            throw Problems.badRequest(
                    "The body is not JSON" + where + ": " + e.getOriginalMessage(), "send one JSON object in UTF-8");
        } catch (IOException e) {
            throw Problems.badRequest("The body is not JSON: " + e.getMessage(), "send one JSON object in UTF-8");
        }
    }

    Optional<String> text(String name, int longest) {
        Optional<JsonNode> value = member(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (!value.get().isTextual()) {
            return problem(name + ": not a text; fix: write it in double quotes");
        }
        String text = value.get().textValue();
        if (text.length() > longest) {
            return problem(name + ": " + text.length() + " characters; fix: write at most " + longest);
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            return problem(name + ": has control characters; fix: write one line of plain text");
        }
        return Optional.of(text);
    }

    String requiredText(String name, int longest) {
        boolean there = object.has(name);
        Optional<String> text = text(name, longest);
        if (!there || text.filter(String::isBlank).isPresent()) {
            problem(name + ": missing; fix: add it as a text of 1 to " + longest + " characters");
        }
        return text.orElse("");
    }

    /** Why somebody does it; required. */
    String reason() {
        return requiredText("reason", LONGEST_REASON);
    }

    /** Why somebody does it, or nothing. */
    String anyReason() {
        return text("reason", LONGEST_REASON).orElse("");
    }

    Share percent() {
        Optional<JsonNode> value = member("percent");
        if (value.isEmpty()) {
            problem("percent: missing; fix: add a number from 0 to 100, such as 25");
            return Share.NONE;
        }
        if (!value.get().isNumber()) {
            problem("percent: not a number; fix: write it without quotes and percent sign, such as 25");
            return Share.NONE;
        }
        Optional<Share> share = Share.ofPercent(value.get().decimalValue());
        if (share.isEmpty()) {
            problem("percent: " + value.get().asText()
                    + " is not a share; fix: write a number from 0 to 100 with at most 2 decimals, such as 0.05");
        }
        return share.orElse(Share.NONE);
    }

    boolean flag(String name) {
        Optional<JsonNode> value = member(name);
        if (value.isPresent() && !value.get().isBoolean()) {
            problem(name + ": not true or false; fix: write true or false, without quotes");
        }
        return value.filter(JsonNode::asBoolean).isPresent();
    }

    long number(String name, long least) {
        Optional<JsonNode> value = member(name);
        if (value.isEmpty() || !value.get().isIntegralNumber() || !value.get().canConvertToLong()) {
            problem(name + ": missing or not a whole number; fix: write a number such as 42");
            return least;
        }
        long number = value.get().longValue();
        if (number < least) {
            problem(name + ": " + number + "; fix: write a number of at least " + least);
        }
        return number;
    }

    /** An object of texts. */
    Map<String, String> texts(String name, int longest) {
        Optional<JsonNode> value = member(name);
        Map<String, String> texts = new LinkedHashMap<>();
        if (value.isPresent() && !value.get().isObject()) {
            problem(name + ": not an object; fix: write {\"NAME\": \"VALUE\"}");
            return texts;
        }
        Fields inner = new Fields(value.orElse(Json.object()));
        inner.object
                .fieldNames()
                .forEachRemaining(key -> inner.text(key, longest).ifPresent(text -> texts.put(key, text)));
        inner.problems.forEach(problem -> problem(name + "." + problem));
        return texts;
    }

    /** Ids of routes, in {@code routes}, or a single one in {@code route}; empty if there is neither. */
    NavigableSet<String> routes() {
        NavigableSet<String> routes = new TreeSet<>();
        Optional<JsonNode> list = member("routes");
        Optional<JsonNode> one = member("route");
        if (list.isPresent()
                && (one.isPresent() || !list.get().isArray() || list.get().isEmpty())) {
            problem("routes: not a list of routes, or route beside it; fix: write [\"transactions\"], or leave it out");
            return routes;
        }
        one.ifPresent(id -> addRoute(routes, id));
        list.ifPresent(ids -> ids.forEach(id -> addRoute(routes, id)));
        if (routes.size() > MOST_ROUTES) {
            problem("routes: " + routes.size() + " of them; fix: name at most " + MOST_ROUTES);
        }
        return routes;
    }

    private void addRoute(NavigableSet<String> routes, JsonNode id) {
        if (id.isTextual() && ROUTE_ID.matcher(id.textValue()).matches()) {
            routes.add(id.textValue());
        } else {
            problem("routes: not a route's id; fix: write ids of a-z, 0-9 and -, at most 64 characters");
        }
    }

    /** How long something holds. */
    Optional<Span> span(String name) {
        return text(name, 16)
                .flatMap(text -> Span.parse(text)
                        .or(() -> problem(name + ": not a duration; fix: write one such as 90s, 15m, 12h or 30d")));
    }

    /** One of several words. */
    <T> Optional<T> word(String name, Function<String, Optional<T>> reader, Collection<String> words) {
        Optional<T> value = member(name)
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .flatMap(reader);
        if (value.isEmpty()) {
            problem(name + ": missing or unknown; fix: write one of " + String.join(", ", words));
        }
        return value;
    }

    /** Adds a problem; empty, so that a reader can return it. */
    <T> Optional<T> problem(String what) {
        problems.add(what);
        return Optional.empty();
    }

    private Optional<JsonNode> member(String name) {
        known.add(name);
        JsonNode value = object.path(name);
        return value instanceof MissingNode ? Optional.empty() : Optional.of(value);
    }

    private void refuseUnknown() {
        object.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                String near = DidYouMean.hint(known, name);
                String fix = near.isEmpty() ? "leave it out; known are " + String.join(", ", known) : near;
                problem(shortened(name) + ": unknown; fix: " + fix);
            }
        });
    }

    private static String shortened(String name) {
        return name.length() <= 64 ? name : name.substring(0, 64) + "...";
    }
}
