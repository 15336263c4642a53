package dev.banyan.controlplane.admin;

import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The parameters of a query, read as strictly as a body. */
final class Query {
    private final MultiMap parameters;

    /** Refuses parameters that are not known, and those that come twice. */
    Query(MultiMap parameters, Set<String> known) {
        this.parameters = parameters;
        for (String name : parameters.names()) {
            if (!known.contains(name)) {
                String near = DidYouMean.hint(known, name);
                throw Problems.badRequest(
                        "The query has an unknown parameter.",
                        near.isEmpty()
                                ? (known.isEmpty() ? "leave it out" : "known are " + String.join(", ", known))
                                : near);
            }
            if (parameters.getAll(name).size() > 1) {
                throw Problems.badRequest("The query has " + name + " twice.", "write it once");
            }
        }
    }

    OptionalLong number(String name, long least, long most) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            long number = Long.parseLong(text.get());
            if (number >= least && number <= most) {
                return OptionalLong.of(number);
            }
        } catch (NumberFormatException e) {
            // Said below, as for one that is out of bounds.
        }
        throw Problems.badRequest(
                "The query's " + name + " is not a number of that kind.",
                "write a whole number from " + least + " to " + most);
    }

    long requiredNumber(String name) {
        return number(name, 1, Long.MAX_VALUE)
                .orElseThrow(() -> Problems.badRequest("The query has no " + name + ".", "add ?" + name + "=42"));
    }

    Optional<String> text(String name) {
        List<String> values = parameters.getAll(name);
        return values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
    }
}
