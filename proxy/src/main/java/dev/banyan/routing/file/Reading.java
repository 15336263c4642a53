package dev.banyan.routing.file;

import dev.banyan.routing.BaseTable;
import dev.banyan.yaml.Position;
import dev.banyan.yaml.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What came of reading all files together. */
public sealed interface Reading {

    /**
     * A whole table.
     *
     * @param warnings never block
     * @param positions of keys, by {@code routes.ID}, {@code routes.ID.KEY}, {@code upstreams.ID} and {@code upstreams.ID.KEY}
     */
    record Read(BaseTable table, List<Problem> warnings, Map<String, Position> positions) implements Reading {

        /** Where a route's key stands, or the route itself where the key is left out. */
        public Optional<Position> ofRoute(String routeId, String key) {
            return Optional.ofNullable(positions.get("routes." + routeId + "." + key))
                    .or(() -> Optional.ofNullable(positions.get("routes." + routeId)));
        }
    }

    /** Every problem of every file. */
    record Broken(List<Problem> problems, List<Problem> warnings) implements Reading {}
}
