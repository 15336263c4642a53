package dev.banyan.routing.file;

import dev.banyan.routing.RequestMatch;
import dev.banyan.routing.Route;
import dev.banyan.yaml.Position;
import dev.banyan.yaml.Section;
import dev.banyan.yaml.Stated;
import java.util.List;

/**
 * A route as one file says it. Where the file has mistakes, defaults stand in their place.
 *
 * @param at where its id stands
 * @param matches with their places; those with mistakes are not among them
 */
record RouteContent(Route route, Position at, Section section, List<Stated<RequestMatch>> matches) {

    /** {@code GET /path} and where it stands, for messages. */
    static String text(RequestMatch match) {
        StringBuilder text = new StringBuilder();
        if (!match.methods().isEmpty()) {
            text.append(String.join(",", match.methods())).append(' ');
        }
        match.host().ifPresent(text::append);
        return text.append(match.path()).toString();
    }
}
