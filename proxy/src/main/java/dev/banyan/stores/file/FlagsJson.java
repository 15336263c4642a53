package dev.banyan.stores.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.routing.Flag;
import dev.banyan.routing.Flags;
import dev.banyan.routing.Freeze;
import dev.banyan.routing.KnownDifference;
import dev.banyan.routing.RouteFlags;
import dev.banyan.routing.Share;
import dev.banyan.routing.Side;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Flags as JSON, but for the owners: a thousand routes have one each and they hardly ever move, so they are a text of their own that
 * revisions share.
 */
final class FlagsJson {
    private FlagsJson() {}

    static ObjectNode write(Flags flags) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ObjectNode routes = json.putObject("routes");
        flags.routes().forEach((id, own) -> {
            if (!own.withOwner(Optional.empty()).equals(RouteFlags.NONE)) {
                routes.set(id, route(own));
            }
        });
        flags.freeze().ifPresent(freeze -> json.set("freeze", freeze(freeze)));
        return json;
    }

    private static ObjectNode route(RouteFlags flags) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        flags.canary().ifPresent(flag -> json.set("canary", share(flag)));
        flags.shadow().ifPresent(flag -> json.set("shadow", share(flag)));
        flags.freeze().ifPresent(flag -> json.set("freeze", freeze(flag)));
        if (!flags.known().isEmpty()) {
            ArrayNode known = json.putArray("known");
            flags.known().values().forEach(flag -> known.add(known(flag)));
        }
        return json;
    }

    private static ObjectNode known(Flag<KnownDifference> flag) {
        KnownDifference known = flag.value();
        return flag(flag)
                .put("field", known.field())
                .put("owner", known.owner())
                .put("until", known.until().toString());
    }

    private static ObjectNode share(Flag<Share> flag) {
        return flag(flag).put("basisPoints", flag.value().basisPoints());
    }

    private static ObjectNode freeze(Flag<Freeze> flag) {
        return flag(flag).put("withWrites", flag.value().withWrites());
    }

    private static ObjectNode flag(Flag<?> flag) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("author", flag.author())
                .put("reason", flag.reason())
                .put("since", flag.since().toString());
    }

    /** A line a route: {@code transactions modern}. */
    static String writeOwners(Flags flags) {
        StringBuilder text = new StringBuilder();
        flags.routes()
                .forEach((id, own) -> own.owner()
                        .ifPresent(side ->
                                text.append(id).append(' ').append(side.word()).append('\n')));
        return text.toString();
    }

    /** @throws IllegalArgumentException it is not what {@link #write} and {@link #writeOwners} wrote */
    static Flags read(JsonNode json, String owners) {
        SortedMap<String, RouteFlags> routes = new TreeMap<>();
        for (Map.Entry<String, JsonNode> route : Required.field(json, "routes").properties()) {
            routes.put(route.getKey(), route(route.getValue()));
        }
        owners.lines()
                .map(line -> line.split(" ", 2))
                .forEach(words -> routes.put(
                        words[0],
                        routes.getOrDefault(words[0], RouteFlags.NONE)
                                .withOwner(Optional.of(Side.ofWord(words[1])
                                        .orElseThrow(() -> new IllegalArgumentException(words[1]))))));
        return new Flags(routes, freeze(json));
    }

    private static RouteFlags route(JsonNode json) {
        RouteFlags flags = new RouteFlags(
                share(json, "canary"), share(json, "shadow"), Optional.empty(), freeze(json), new TreeMap<>());
        for (JsonNode each : json.path("known")) {
            Flag<KnownDifference> known = flag(each, FlagsJson::known);
            flags = flags.withKnown(known.value().field(), Optional.of(known));
        }
        return flags;
    }

    private static KnownDifference known(JsonNode json) {
        return new KnownDifference(
                Required.text(json, "field"),
                Required.text(json, "owner"),
                LocalDate.parse(Required.text(json, "until")));
    }

    private static Optional<Flag<Share>> share(JsonNode json, String name) {
        return flag(
                json,
                name,
                flag -> new Share(Required.number(flag, "basisPoints").intValue()));
    }

    private static Optional<Flag<Freeze>> freeze(JsonNode json) {
        return flag(
                json,
                "freeze",
                flag -> new Freeze(Required.field(flag, "withWrites").booleanValue()));
    }

    private static <T> Optional<Flag<T>> flag(JsonNode json, String name, Function<JsonNode, T> value) {
        JsonNode flag = json.get(name);
        return flag == null ? Optional.empty() : Optional.of(flag(flag, value));
    }

    private static <T> Flag<T> flag(JsonNode flag, Function<JsonNode, T> value) {
        return new Flag<>(
                value.apply(flag),
                Required.text(flag, "author"),
                Required.text(flag, "reason"),
                Instant.parse(Required.text(flag, "since")));
    }
}
