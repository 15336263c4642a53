package dev.banyan.controlplane.admin.views;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.json.Json;
import dev.banyan.routing.Flag;
import dev.banyan.routing.Freeze;
import dev.banyan.routing.KnownDifference;
import dev.banyan.routing.Route;
import dev.banyan.routing.RouteFlags;
import dev.banyan.routing.RouteInForce;
import dev.banyan.routing.Share;
import dev.banyan.routing.Side;
import dev.banyan.routing.Words;
import dev.banyan.routing.keys.RouteKeys;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A route as the API shows it: first what holds now, then where it comes from (base and flags), then its other settings. */
public final class RouteJson {
    private RouteJson() {}

    static ObjectNode of(RouteInForce route, RouteFlags flags) {
        ObjectNode json = Json.object();
        json.put("id", route.id());
        json.put("stage", route.stage().word());
        Map<String, Object> settings = RouteKeys.TABLE.data(route.route());
        addInForce(json, route, settings);
        json.set("base", base(route.route()));
        json.set("flags", flags(flags));
        json.set("overridden", overridden(route));
        addSettings(json, settings);
        return json;
    }

    public static ObjectNode freeze(Flag<Freeze> flag) {
        return cause(Json.object().put("with_writes", flag.value().withWrites()), flag);
    }

    private static void addInForce(ObjectNode json, RouteInForce route, Map<String, Object> settings) {
        for (String asInTheFile : List.of("match", "legacy", "modern")) {
            if (settings.containsKey(asInTheFile)) {
                json.set(asInTheFile, Json.of(settings.get(asInTheFile)));
            }
        }
        json.put("canary", route.canary().percent());
        json.put("shadow", route.shadowShare().percent());
        route.owner().ifPresent(owner -> json.put("owner", owner.word()));
        json.put("frozen", route.freeze().isPresent());
        route.freeze().ifPresent(freeze -> json.putObject("freeze").put("with_writes", freeze.withWrites()));
    }

    private static ObjectNode base(Route route) {
        ObjectNode json = Json.object();
        json.put("canary", route.canary().percent());
        json.put("shadow", route.shadow().share().percent());
        route.writes().ifPresent(writes -> json.put("writes", Words.of(writes)));
        return json;
    }

    /** The flags that are different, each as it is now: null if it is not there any more. */
    public static Map<String, JsonNode> changed(RouteFlags before, RouteFlags now) {
        ObjectNode was = flags(before);
        ObjectNode is = flags(now);
        Map<String, JsonNode> changed = new LinkedHashMap<>();
        for (String name : List.of("canary", "shadow", "owner", "freeze", "known")) {
            if (!was.path(name).equals(is.path(name))) {
                changed.put(name, is.has(name) ? is.get(name) : NullNode.getInstance());
            }
        }
        return changed;
    }

    static ObjectNode flags(RouteFlags flags) {
        ObjectNode json = Json.object();
        flags.canary().ifPresent(flag -> json.set("canary", share(flag)));
        flags.shadow().ifPresent(flag -> json.set("shadow", share(flag)));
        flags.owner().map(Side::word).ifPresent(owner -> json.put("owner", owner));
        flags.freeze().ifPresent(flag -> json.set("freeze", freeze(flag)));
        if (!flags.known().isEmpty()) {
            ArrayNode known = json.putArray("known");
            flags.known().values().forEach(flag -> known.add(known(flag)));
        }
        return json;
    }

    /** What the base and what is in force disagree on. */
    private static ArrayNode overridden(RouteInForce inForce) {
        Route route = inForce.route();
        ArrayNode names = Json.array();
        if (!inForce.canary().equals(route.canary())) {
            names.add("canary");
        }
        if (!inForce.shadowShare().equals(route.shadow().share())) {
            names.add("shadow");
        }
        Optional<Side> owner = route.writes().flatMap(Route.Writes::owner);
        if (owner.isPresent() && !owner.equals(inForce.owner())) {
            names.add("owner");
        }
        return names;
    }

    /** What the file says at all other keys. */
    private static void addSettings(ObjectNode json, Map<String, Object> settings) {
        settings.forEach((member, value) -> {
            if (member.equals("shadow")) {
                // The share is told above, as it is in force.
                ObjectNode shadowing = (ObjectNode) Json.of(value);
                shadowing.remove("share");
                json.set("shadowing", shadowing);
            } else if (!json.has(member)) {
                json.set(member, Json.of(value));
            }
        });
    }

    private static ObjectNode share(Flag<Share> flag) {
        return cause(Json.object().put("percent", flag.value().percent()), flag);
    }

    static ObjectNode known(Flag<KnownDifference> flag) {
        KnownDifference known = flag.value();
        return cause(
                Json.object()
                        .put("field", known.field())
                        .put("owner", known.owner())
                        .put("until", known.until().toString()),
                flag);
    }

    private static ObjectNode cause(ObjectNode json, Flag<?> flag) {
        return json.put("author", flag.author())
                .put("reason", flag.reason())
                .put("since", flag.since().toString());
    }
}
