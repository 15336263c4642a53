package dev.banyan.routing.file;

import dev.banyan.routing.RequestMatch;
import dev.banyan.routing.Route;
import dev.banyan.routing.keys.MatchReader;
import dev.banyan.yaml.Position;
import dev.banyan.yaml.Section;

/**
 * A route as one file says it. Where the file has mistakes, defaults stand in their place.
 *
 * @param at where its id stands
 */
record RouteContent(Route route, Position at, Section section) {

    /** Where one of its matches stands. */
    Position at(RequestMatch match) {
        return section.get("match")
                .map(value -> MatchReader.place(value, match))
                .orElse(at);
    }
}
