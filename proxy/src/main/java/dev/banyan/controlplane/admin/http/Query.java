package dev.banyan.controlplane.admin.http;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The parameters of a query, as the contract says.
 *
 * @param values each as its schema's type: Long, Boolean or String; defaults are filled in
 */
public record Query(Map<String, Object> values) {

    public OptionalLong number(String name) {
        return values.get(name) instanceof Long number ? OptionalLong.of(number) : OptionalLong.empty();
    }

    public Optional<String> text(String name) {
        return values.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }
}
