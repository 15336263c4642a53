package dev.banyan.routing.file;

import dev.banyan.routing.StickBy;
import dev.banyan.yaml.Shown;
import dev.banyan.yaml.Suggestion;
import dev.banyan.yaml.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what users are told apart by, and the pilots among them. */
final class StickByReader {
    static final List<StickBy> DEFAULT = List.of(new StickBy.User(), new StickBy.Cookie());
    private static final List<String> WORDS = List.of("user", "cookie", "header:NAME", "ip", "request");
    private static final String FIX = "write a list of " + String.join(", ", WORDS);
    private static final String PILOT_FIX = "write SOURCE:VALUE, such as user:42 or X-User-Id:7";
    private static final int MAX_PILOTS = 10_000;

    private StickByReader() {}

    static List<StickBy> stickBy(Value value) {
        List<Value> items = value.items(FIX);
        if (value.isList() && items.isEmpty()) {
            value.wrong("is an empty list", FIX);
        }
        List<StickBy> keys = new ArrayList<>();
        for (Value item : items) {
            item.text(FIX).flatMap(text -> one(item, text)).ifPresent(key -> add(item, key, keys));
        }
        return keys.isEmpty() ? DEFAULT : List.copyOf(keys);
    }

    private static void add(Value item, StickBy key, List<StickBy> keys) {
        if (keys.stream().anyMatch(earlier -> earlier.toString().equalsIgnoreCase(key.toString()))
                && item.refused(key + " stands here twice", "keep one of them")) {
            return;
        }
        keys.stream()
                .filter(StickByReader::isAlwaysThere)
                .findFirst()
                .ifPresent(earlier -> item.doubtful(
                        key + " is never reached: every request has " + earlier + ", which stands before it",
                        "put " + key + " before " + earlier + ", or remove it"));
        keys.add(key);
    }

    private static boolean isAlwaysThere(StickBy key) {
        return key instanceof StickBy.Cookie || key instanceof StickBy.Ip || key instanceof StickBy.Request;
    }

    private static Optional<StickBy> one(Value item, String text) {
        switch (text) {
            case "user":
                return Optional.of(new StickBy.User());
            case "cookie":
                return Optional.of(new StickBy.Cookie());
            case "ip":
                return Optional.of(new StickBy.Ip());
            case "request":
                return Optional.of(new StickBy.Request());
            default:
                return header(item, text);
        }
    }

    private static Optional<StickBy> header(Value item, String text) {
        String name = text.startsWith("header:") ? text.substring("header:".length()) : "";
        if (!Names.isToken(name)) {
            item.wrong("there is no " + Shown.text(text), fixFor(text));
            return Optional.empty();
        }
        if (Names.isDroppedFromClients(name)
                && item.refused(
                        name + " is dropped from every client's request",
                        "choose a header without _ whose name does not begin with X-Banyan-")) {
            return Optional.empty();
        }
        return Optional.of(new StickBy.Header(name));
    }

    private static String fixFor(String text) {
        if (text.startsWith("header:")) {
            return "write header:NAME without spaces, such as header:X-User-Id";
        }
        if (text.regionMatches(true, 0, "X-", 0, 2) && Names.isToken(text)) {
            return "write header:" + text;
        }
        return Suggestion.of(text, WORDS.subList(0, 2))
                .or(() -> Suggestion.of(text, WORDS))
                .map(near -> "did you mean " + near + "?")
                .orElse("write one of " + String.join(", ", WORDS));
    }

    /** As written, but a header's name in the spelling of {@code stick-by}. */
    static List<String> pilots(Value value, List<StickBy> stickBy) {
        List<Value> items = value.items("write a list such as [ \"user:42\" ]");
        if (items.size() > MAX_PILOTS
                && value.refused(
                        items.size() + " are too many",
                        "write at most " + MAX_PILOTS + "; a canary moves more users")) {
            return List.of();
        }
        List<String> pilots = new ArrayList<>();
        for (Value item : items) {
            item.text(PILOT_FIX).flatMap(text -> pilot(item, text, stickBy)).ifPresent(pilots::add);
        }
        return pilots;
    }

    private static Optional<String> pilot(Value item, String text, List<StickBy> stickBy) {
        if (item.problems().areOfAccepted()) {
            return Optional.of(text);
        }
        if (text.startsWith("header:")) {
            item.wrong(
                    Shown.text(text) + " begins with header:, pilots with the header's name",
                    "write " + Shown.text(text.substring("header:".length())));
            return Optional.empty();
        }
        int colon = text.indexOf(':');
        String source = colon < 0 ? "" : text.substring(0, colon);
        String key = colon < 0 ? "" : text.substring(colon + 1);
        if (!Names.isToken(source) || key.isBlank()) {
            item.wrong(
                    Shown.text(text) + " is no sticky key", key.isEmpty() ? PILOT_FIX : "write it without the space");
            return Optional.empty();
        }
        if (!key.equals(key.strip())) {
            item.wrong(
                    Shown.text(text) + " has a space beside the value",
                    "write " + source + ":" + Shown.text(key.strip()));
            return Optional.empty();
        }
        if (source.equals("request")) {
            item.wrong("request is another key each time", PILOT_FIX);
            return Optional.empty();
        }
        Optional<String> reached = reached(source, stickBy);
        if (reached.isEmpty()) {
            item.doubtful(
                    Shown.text(text) + " never comes up: stick-by does not take " + Shown.text(source)
                            + ", or takes something before it that every request has",
                    "add it to stick-by, or remove the pilot");
        }
        return Optional.of(reached.orElse(source) + ":" + key);
    }

    /** The source as {@code stick-by} spells it; empty if it is not in it, or comes too late. */
    private static Optional<String> reached(String source, List<StickBy> stickBy) {
        for (StickBy key : stickBy) {
            String name = key instanceof StickBy.Header header ? header.name() : key.toString();
            if (key instanceof StickBy.Header ? name.equalsIgnoreCase(source) : name.equals(source)) {
                return Optional.of(name);
            }
            if (isAlwaysThere(key)) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }
}
