package dev.banyan.controlplane.admin;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The parameters of a query, as the contract says.
 *
 * @param values each as its schema's type: Long, Boolean or String; defaults are filled in
 */
record Query(Map<String, Object> values) {

    OptionalLong number(String name) {
        return values.get(name) instanceof Long number ? OptionalLong.of(number) : OptionalLong.empty();
    }

    Optional<String> text(String name) {
        return values.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }
}
