package dev.banyan.routing.keys;

import static dev.banyan.routing.keys.Schema.schema;

import dev.banyan.yaml.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What may be turned {@code off}. */
record OrOff<T>(Kind<T> kind) implements Kind<Optional<T>> {
    private static final String OFF = "off";

    @Override
    public Optional<Optional<T>> read(Value value) {
        return value.isWord(OFF) ? Optional.of(Optional.empty()) : Maybe.there(kind.read(value));
    }

    @Override
    public String text(Optional<T> value) {
        return value.map(kind::text).orElse(OFF);
    }

    @Override
    public Object data(Optional<T> value) {
        return value.map(kind::data).orElse(OFF);
    }

    @Override
    public Description described() {
        Description of = kind.described();
        return new Description(OFF + "|" + of.label(), orOff(of.schema()), orOff(of.api()));
    }

    private static Map<String, Object> orOff(Map<String, Object> schema) {
        return schema("anyOf", List.of(schema("const", OFF), schema));
    }

    @Override
    public void write(YamlBlock block, String key, Optional<T> value) {
        if (value.isPresent()) {
            kind.write(block, key, value.get());
        } else {
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
