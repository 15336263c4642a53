package dev.banyan.controlplane.admin.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.contract.Span;
import dev.banyan.json.Json;
import dev.banyan.routing.Share;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The members of a JSON object that is as the contract says, and what the contract cannot say about them. Collects every problem and
 * refuses at the end, so whoever asks mends all of them at once.
 */
public final class Fields {
    private final JsonNode object;
    private final List<String> problems = new ArrayList<>();

    private Fields(JsonNode object) {
        this.object = object;
    }

    /** Reads a whole body. */
    public static <T> T read(ObjectNode body, Function<Fields, T> reader) {
        Fields fields = new Fields(body);
        T value = reader.apply(fields);
        if (!fields.problems.isEmpty()) {
            throw CommonProblems.badRequest(fields.problems);
        }
        return value;
    }

    /** One line of text. */
    public Optional<String> text(String name) {
        return member(name).flatMap(value -> line(name, value));
    }

    /** A pattern's $ lets a line end pass, so this is asked of every text. */
    private Optional<String> line(String name, JsonNode value) {
        String text = value.textValue();
        return text.chars().anyMatch(Character::isISOControl)
                ? problem("/" + name + ": has control characters; fix: write one line of plain text")
                : Optional.of(text);
    }

    public String requiredText(String name) {
        if (member(name).isEmpty()) {
            problem("/" + name + ": missing; fix: add it as a text");
        }
        return text(name).orElse("");
    }

    /** Why somebody does it; required. */
    public String reason() {
        return requiredText("reason");
    }

    /** Why somebody does it, or nothing. */
    public String anyReason() {
        return text("reason").orElse("");
    }

    public Share percent() {
        Optional<Share> share = member("percent").flatMap(value -> Share.ofPercent(value.decimalValue()));
        if (share.isEmpty()) {
            problem("/percent: finer than a share can be; fix: write at most 2 decimals, such as 0.05");
        }
        return share.orElse(Share.NONE);
    }

    public boolean flag(String name) {
        return member(name).filter(JsonNode::asBoolean).isPresent();
    }

    public long number(String name) {
        return member(name).map(JsonNode::longValue).orElse(0L);
    }

    /** A number that may be left out. */
    public long number(String name, long otherwise) {
        return member(name).map(JsonNode::longValue).orElse(otherwise);
    }

    /** An object of texts. */
    public Map<String, String> texts(String name) {
        Map<String, String> texts = new LinkedHashMap<>();
        Fields inner = new Fields(member(name).orElse(Json.object()));
        inner.object.fieldNames().forEachRemaining(key -> inner.text(key).ifPresent(text -> texts.put(key, text)));
        inner.problems.forEach(problem -> problem("/" + name + problem));
        return texts;
    }

    /** An object, empty if it is not there. */
    public JsonNode object(String name) {
        return member(name).orElse(Json.object());
    }

    /** Ids of routes, in {@code routes}, or a single one in {@code route}; empty if there is neither. */
    public NavigableSet<String> routes() {
        NavigableSet<String> routes = new TreeSet<>();
        member("routes").ifPresent(ids -> ids.forEach(id -> line("routes", id).ifPresent(routes::add)));
        Optional<String> one = text("route");
        if (one.isPresent() && !routes.isEmpty()) {
            problem("/routes: there, and route beside it; fix: name them all in routes");
        }
        one.ifPresent(routes::add);
        return routes;
    }

    /** How long something holds. */
    public Optional<Span> span(String name) {
        return text(name).flatMap(Span::parse);
    }

    /** A day that the contract requires. */
    public LocalDate date(String name) {
        try {
            return LocalDate.parse(requiredText(name));
        } catch (DateTimeParseException e) {
            problem("/" + name + ": no such day; fix: write one as 2027-01-31");
            return LocalDate.EPOCH;
        }
    }

    /** One of the words that the contract names. */
    public <T> T word(String name, Function<String, Optional<T>> reader) {
        return member(name)
                .map(JsonNode::textValue)
                .flatMap(reader)
                .orElseThrow(() -> new IllegalStateException(name + ": a word of openapi.yaml that nothing reads"));
    }

    /** Adds a problem; empty, so that a reader can return it. */
    public <T> Optional<T> problem(String what) {
        problems.add(what);
        return Optional.empty();
    }

    private Optional<JsonNode> member(String name) {
        return Optional.ofNullable(object.get(name));
    }
}
