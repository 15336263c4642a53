package dev.banyan.routing.keys;

import static dev.banyan.routing.keys.Schema.component;

import dev.banyan.routing.QuotedText;
import dev.banyan.routing.StickBy;
import dev.banyan.yaml.Shown;
import dev.banyan.yaml.Suggestion;
import dev.banyan.yaml.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What users are told apart by, and the pilots among them. */
final class StickByKinds {
    static final List<StickBy> DEFAULT = List.of(new StickBy.User(), new StickBy.Cookie());
    private static final List<String> WORDS = List.of("user", "cookie", "header:NAME", "ip", "request");
    private static final String FIX = "write a list of " + String.join(", ", WORDS);
    private static final String PILOT_FIX = "write SOURCE:VALUE, such as user:42 or X-User-Id:7";
    private static final int MAX_PILOTS = 10_000;

    static final Kind<List<StickBy>> STICK_BY = new Many<>(
            value -> Optional.of(stickBy(value)),
            key -> QuotedText.of(key.toString()),
            StickBy::toString,
            false,
            false,
            new Kind.Description(
                    "[ " + String.join("|", WORDS) + ", ... ]",
                    Schema.list(
                            Schema.pattern(
                                    "^(user|cookie|ip|request|header:(?![Xx]-[Bb][Aa][Nn][Yy][Aa][Nn]-)[!#$%&'*+.^`|~0-9A-Za-z-]+)$",
                                    "examples", List.of("user", "cookie", "header:X-User-Id", "ip", "request")),
                            "minItems",
                            1,
                            "uniqueItems",
                            true),
                    component("Texts")));

    static final Kind<List<String>> PILOTS = Kinds.many(
            value -> Optional.of(pilots(value)),
            "[ STICKY-KEY, ... ]",
            Schema.list(
                    Schema.pattern(
                            "^(?!header:|request:)[!#$%&'*+.^_`|~0-9A-Za-z-]+:\\S(.*\\S)?$",
                            "examples", List.of("user:42", "X-User-Id:7")),
                    "maxItems",
                    MAX_PILOTS));

    private StickByKinds() {}

    private static List<StickBy> stickBy(Value value) {
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
                .filter(StickByKinds::isAlwaysThere)
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

    private static List<String> pilots(Value value) {
        List<Value> items = value.items("write a list such as [ \"user:42\" ]");
        if (items.size() > MAX_PILOTS
                && value.refused(
                        items.size() + " are too many",
                        "write at most " + MAX_PILOTS + "; a canary moves more users")) {
            return List.of();
        }
        List<String> pilots = new ArrayList<>();
        for (Value item : items) {
            item.text(PILOT_FIX).filter(text -> isPilot(item, text)).ifPresent(pilots::add);
        }
        return pilots;
    }

    private static boolean isPilot(Value item, String text) {
        if (item.problems().areOfAccepted()) {
            return true;
        }
        if (text.startsWith("header:")) {
            item.wrong(
                    Shown.text(text) + " begins with header:, pilots with the header's name",
                    "write " + Shown.text(text.substring("header:".length())));
            return false;
        }
        String source = source(text);
        String key = text.substring(text.indexOf(':') < 0 ? text.length() : source.length() + 1);
        if (!Names.isToken(source) || key.isBlank()) {
            item.wrong(
                    Shown.text(text) + " is no sticky key", key.isEmpty() ? PILOT_FIX : "write it without the space");
            return false;
        }
        if (!key.equals(key.strip())) {
            item.wrong(
                    Shown.text(text) + " has a space beside the value",
                    "write " + source + ":" + Shown.text(key.strip()));
            return false;
        }
        if (source.equals("request")) {
            item.wrong("request is another key each time", PILOT_FIX);
            return false;
        }
        return true;
    }

    /** What stands before the colon; nothing if there is none. */
    private static String source(String pilot) {
        return pilot.substring(0, Math.max(0, pilot.indexOf(':')));
    }

    /** Warns of pilots that never come up, because of what users are told apart by. */
    static void checkPilots(Value pilots, List<String> understood, List<StickBy> stickBy) {
        if (!pilots.isList()) {
            return;
        }
        for (Value item : pilots.items(PILOT_FIX)) {
            String text = item.unheard().text(PILOT_FIX).orElse("");
            if (understood.contains(text) && reached(source(text), stickBy).isEmpty()) {
                item.doubtful(
                        Shown.text(text) + " never comes up: stick-by does not take " + Shown.text(source(text))
                                + ", or takes something before it that every request has",
                        "add it to stick-by, or remove the pilot");
            }
        }
    }

    /** As written, but a header's name in the spelling of {@code stick-by}. */
    static List<String> spelt(List<String> pilots, List<StickBy> stickBy) {
        return pilots.stream()
                .map(pilot -> reached(source(pilot), stickBy)
                        .map(source -> source + pilot.substring(pilot.indexOf(':')))
                        .orElse(pilot))
                .toList();
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
