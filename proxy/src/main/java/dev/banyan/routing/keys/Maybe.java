package dev.banyan.routing.keys;

import dev.banyan.yaml.Value;
import java.util.Optional;

/** What may be left out, and is not there then. */
record Maybe<T>(Kind<T> kind) implements Kind<Optional<T>> {
    @Override
    public Optional<Optional<T>> read(Value value) {
        return there(kind.read(value));
    }

    @Override
    public String text(Optional<T> value) {
        return value.map(kind::text).orElse("none");
    }

    @Override
    public Object data(Optional<T> value) {
        return value.map(kind::data).orElse("none");
    }

    @Override
    public Description described() {
        return kind.described();
    }

    @Override
    public boolean isThere(Optional<T> value) {
        return value.isPresent();
    }

    @Override
    public void write(YamlBlock block, String key, Optional<T> value) {
        value.ifPresent(there -> kind.write(block, key, there));
    }

    @Override
    public void differ(String key, Optional<T> before, Optional<T> after, Differences told) {
        if (before.isPresent() && after.isPresent()) {
            kind.differ(key, before.get(), after.get(), told);
        } else {
            told.differ(key, text(before) + " -> " + text(after));
        }
    }

    /** Nothing stays nothing: it was not understood. */
    static <T> Optional<Optional<T>> there(Optional<T> read) {
        return read.isPresent() ? Optional.of(read) : Optional.empty();
    }
}
