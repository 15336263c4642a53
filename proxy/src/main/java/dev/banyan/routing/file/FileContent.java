package dev.banyan.routing.file;

import dev.banyan.routing.PathRules;
import dev.banyan.routing.Upstream;
import dev.banyan.yaml.Position;
import dev.banyan.yaml.Problem;
import dev.banyan.yaml.Section;
import dev.banyan.yaml.Stated;
import java.util.List;
import java.util.Optional;

/**
 * What one file says, and what is wrong with it by itself.
 *
 * @param whole whether all its parts could at least be found; if not, what it lacks may be there after all
 */
record FileContent(
        String file,
        boolean whole,
        Optional<Stated<String>> defaultUpstream,
        Optional<Stated<PathRules>> paths,
        List<UpstreamContent> upstreams,
        List<RouteContent> routes,
        List<Problem> problems,
        List<Problem> warnings) {

    record UpstreamContent(Upstream upstream, Position at, Section section) {}
}
