package dev.banyan.routing.keys;

import static dev.banyan.routing.keys.Schema.schema;

import dev.banyan.yaml.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What may be left out, and is not there then; or what may be turned {@code off}, which a file says.
 *
 * @param canBeOff whether it is said that it is not there
 */
record Maybe<T>(Kind<T> kind, boolean canBeOff) implements Kind<Optional<T>> {
    private static final String OFF = "off";

    static <T> Maybe<T> orOff(Kind<T> kind) {
        return new Maybe<>(kind, true);
    }

    static <T> Maybe<T> orNothing(Kind<T> kind) {
        return new Maybe<>(kind, false);
    }

    @Override
    public Optional<Optional<T>> read(Value value) {
        if (canBeOff && value.isWord(OFF)) {
            return Optional.of(Optional.empty());
        }
        Optional<T> read = kind.read(value);
        // Nothing stays nothing: it was not understood.
        return read.isPresent() ? Optional.of(read) : Optional.empty();
    }

    @Override
    public String text(Optional<T> value) {
        return value.map(kind::text).orElse(absent());
    }

    @Override
    public Object data(Optional<T> value) {
        return value.map(kind::data).orElse(absent());
    }

    private String absent() {
        return canBeOff ? OFF : "none";
    }

    @Override
    public Description described() {
        Description of = kind.described();
        return canBeOff ? new Description(OFF + "|" + of.label(), orOff(of.schema()), orOff(of.api())) : of;
    }

    private static Map<String, Object> orOff(Map<String, Object> schema) {
        return schema("anyOf", List.of(schema("const", OFF), schema));
    }

    @Override
    public boolean isThere(Optional<T> value) {
        return canBeOff || value.isPresent();
    }

    @Override
    public void write(YamlBlock block, String key, Optional<T> value) {
        if (value.isPresent()) {
            kind.write(block, key, value.get());
        } else if (canBeOff) {
            block.raw(key, OFF);
        }
    }

    @Override
    public void differ(String key, Optional<T> before, Optional<T> after, Differences told) {
        if (before.isPresent() && after.isPresent()) {
            kind.differ(key, before.get(), after.get(), told);
        } else {
            told.differ(key, text(before) + " -> " + text(after));
        }
    }
}
