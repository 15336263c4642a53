package dev.banyan.routing.file;

import dev.banyan.yaml.Problem;
import java.util.List;

/** Asked before a table is taken: what may not change from the one in force by files alone, such as the owner of a route's data. */
@FunctionalInterface
public interface TransitionCheck {
    /** For whoever has no table in force. */
    TransitionCheck NONE = candidate -> List.of();

    /** One problem for each thing that may not be so, each at the file that says it; the file is then held back. */
    List<Problem> problemsOf(Reading.Read candidate);
}
