package dev.banyan.settings;

import dev.banyan.yaml.Problem;
import java.util.List;

/** A key with the value in force, and where that comes from. */
public record Setting<T>(Key<T> key, T value, Source source) {

    /** As one writes it; exactly one unless it is a list. Never a secret: of those only the references are settings. */
    public List<String> texts() {
        return key.kind().texts(value);
    }

    /** Something that only shows when the value is used. */
    public Problem problem(String what, String fix) {
        return source.problem(key.name(), what, fix);
    }
}
