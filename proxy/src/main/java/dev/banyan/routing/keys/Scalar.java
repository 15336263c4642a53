package dev.banyan.routing.keys;

import dev.banyan.yaml.Value;
import java.util.Optional;
import java.util.function.Function;

/** One value without parts. */
record Scalar<T>(
        Function<Value, Optional<T>> reader,
        Function<T, String> writer,
        Function<T, Object> shower,
        Description described)
        implements Kind<T> {

    @Override
    public Optional<T> read(Value value) {
        return reader.apply(value);
    }

    @Override
    public String text(T value) {
        return writer.apply(value);
    }

    @Override
    public Object data(T value) {
        return shower.apply(value);
    }

    /** The same, read with a rule of its own, and described so. */
    Scalar<T> but(Function<Value, Optional<T>> otherReader, Description other) {
        return new Scalar<>(otherReader, writer, shower, other);
    }
}
