package dev.banyan.routing.keys;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One key: what it is called, what may stand there, where the value lies, what holds where nobody says anything, and what it is for.
 *
 * @param of where it lies in what is made of all keys
 * @param usual what holds where nobody says anything; null: another in each, or it must be said
 * @param derived what holds if {@code usual} is null; null: it must be said
 * @param example what one may write there
 * @param described one sentence
 */
public record Key<R, T>(
        String name,
        Kind<T> kind,
        Function<R, T> of,
        @Nullable T usual,
        @Nullable Function<R, T> derived,
        String example,
        String described) {

    /** What the API calls it. */
    String member() {
        return name.replace('-', '_');
    }

    void write(R owner, YamlBlock block, boolean whole) {
        T value = of.apply(owner);
        if (isSaid(owner, value, whole)) {
            kind.write(block, name, value);
        }
    }

    /** {@code fence: 10s}; empty if it is left out. */
    Optional<String> inOneLine(R owner, boolean whole) {
        T value = of.apply(owner);
        return isSaid(owner, value, whole) ? Optional.of(name + ": " + kind.text(value)) : Optional.empty();
    }

    private boolean isSaid(R owner, T value, boolean whole) {
        return kind.isThere(value) && (whole || !isAsUsual(owner, value));
    }

    private boolean isAsUsual(R owner, T value) {
        return value.equals(usual) || (derived != null && value.equals(derived.apply(owner)));
    }

    /** As a file says it. */
    String text(R owner) {
        return kind.text(of.apply(owner));
    }

    /** Nothing if it is another in each. */
    void writeUsual(YamlBlock block) {
        if (usual != null && kind instanceof KeyTable<T> table) {
            block.block(name, table::writeUsual);
        } else if (usual != null) {
            kind.write(block, name, usual);
        }
    }

    /** As a file would say what holds where nobody says anything; null: nothing does, it must be said, or is another in each. */
    @Nullable
    String usualText() {
        return usual == null || !kind.isThere(usual) ? null : kind.text(usual);
    }

    void put(R owner, Map<String, Object> data) {
        T value = of.apply(owner);
        if (kind.isThere(value)) {
            data.put(member(), kind.data(value));
        }
    }

    void differ(String prefix, R before, R after, Kind.Differences told) {
        T was = of.apply(before);
        T is = of.apply(after);
        if (!was.equals(is)) {
            kind.differ(prefix + name, was, is, told);
        }
    }
}
