package dev.banyan.routing.keys;

import dev.banyan.yaml.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Several values of one kind.
 *
 * @param itemWise whether their order means nothing, so that a change is told by what comes and goes
 * @param line whether each has a line of its own in a file
 */
record Many<E, C extends Collection<E>>(
        Function<Value, Optional<C>> reader,
        Function<E, String> item,
        Function<E, Object> shown,
        boolean itemWise,
        boolean line,
        Description described)
        implements Kind<C> {

    @Override
    public Optional<C> read(Value value) {
        return reader.apply(value);
    }

    @Override
    public String text(C values) {
        return values.isEmpty() ? "[]" : values.stream().map(item).collect(Collectors.joining(", ", "[ ", " ]"));
    }

    @Override
    public Object data(C values) {
        return values.stream().map(shown).toList();
    }

    @Override
    public void write(YamlBlock block, String key, C values) {
        if (line) {
            block.lines(key, values.stream().map(item).toList());
        } else {
            block.raw(key, text(values));
        }
    }

    @Override
    public void differ(String key, C before, C after, Differences told) {
        List<E> gone = new ArrayList<>(before);
        gone.removeAll(after);
        List<E> come = new ArrayList<>(after);
        come.removeAll(before);
        List<E> typed = new ArrayList<>(before);
        typed.removeAll(gone);
        boolean nothingStays = typed.isEmpty();
        typed.addAll(come);
        boolean isSaidByItems =
                itemWise && !nothingStays && (before instanceof Set || typed.equals(List.copyOf(after)));
        if (!isSaidByItems) {
            told.differ(key, text(before) + " -> " + text(after));
            return;
        }
        gone.forEach(value -> told.differ(key, "without " + item.apply(value)));
        come.forEach(value -> told.differ(key, "with " + item.apply(value)));
    }
}
