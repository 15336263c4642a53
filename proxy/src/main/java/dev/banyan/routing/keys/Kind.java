package dev.banyan.routing.keys;

import dev.banyan.yaml.Value;
import java.util.Map;
import java.util.Optional;

/** What may stand at a key: how it is read, written, shown to programs, told apart and described. */
public interface Kind<T> {

    /** Empty: it is wrong, which was told at its place. */
    Optional<T> read(Value value);

    /** As a file says it, in one line, between brackets too. */
    String text(T value);

    /** As the API shows it: a text, number or truth value, or a list or map of such. */
    Object data(T value);

    Description described();

    /** Writes it in as many lines as are good to read. */
    default void write(YamlBlock block, String key, T value) {
        block.raw(key, text(value));
    }

    /** Whether there is anything to write or show. */
    default boolean isThere(T value) {
        return true;
    }

    /** Tells what is different, in the words of a file. Only called if something is. */
    default void differ(String key, T before, T after, Differences told) {
        told.differ(key, text(before) + " -> " + text(after));
    }

    /** Who is told what is different. */
    interface Differences {
        /**
         * Takes one difference.
         *
         * @param key with those above it: {@code shadow.settle}
         * @param how {@code 0s -> 5s}, {@code with GET /a}
         */
        void differ(String key, String how);
    }

    /**
     * What a kind is to who reads or checks a file.
     *
     * @param label for people: {@code DURATION}, {@code legacy|modern}
     * @param schema of what a file may say, in JSON Schema
     * @param api of what the API shows, in JSON Schema, as far as it is of use there
     */
    record Description(String label, Map<String, Object> schema, Map<String, Object> api) {}
}
