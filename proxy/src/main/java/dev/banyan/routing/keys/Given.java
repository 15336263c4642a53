package dev.banyan.routing.keys;

import dev.banyan.yaml.Section;
import java.util.Objects;
import java.util.Optional;

/** What a section says at its keys, for who makes a value of it. */
final class Given<R> {
    private final String id;
    private final Section section;

    Given(String id, Section section) {
        this.id = id;
        this.section = section;
    }

    /** What it is called, where it has a name. */
    String id() {
        return id;
    }

    /** What is said, or else what usually holds. */
    <T> T get(Key<R, T> key) {
        return said(key).orElseGet(() -> Objects.requireNonNull(key.usual(), key.name()));
    }

    /** Empty: nothing is said, or nothing that can be understood. */
    <T> Optional<T> said(Key<R, T> key) {
        return section.get(key.name()).flatMap(key.kind()::read);
    }

    /** Whether anything is said, or most likely meant by a misspelt key. */
    boolean has(Key<R, ?> key) {
        return section.isMeant(key.name());
    }
}
