package dev.banyan.settings;

import dev.banyan.yaml.Problems;
import dev.banyan.yaml.Value;
import java.util.Locale;

/**
 * One setting: what it is called, what may stand there, what holds where nobody says anything, and what it is for.
 *
 * @param name dotted, as the file nests it: {@code admin.listen}
 * @param defaultText as one would write it; empty: an empty list
 * @param description one sentence
 */
public record Key<T>(String name, Kind<T> kind, String defaultText, String description) {

    /** {@code --admin-listen}. */
    public String flag() {
        return "--" + name.replace('.', '-');
    }

    /** {@code BANYAN_ADMIN_LISTEN}. */
    public String variable() {
        return "BANYAN_" + name.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /** The section of the file that it stands in: {@code admin}; empty at the top. */
    public String section() {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(0, dot);
    }

    /** What it is called within its section: {@code listen}. */
    public String leaf() {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** What holds where nobody says anything. */
    Setting<T> byDefault() {
        Problems problems = new Problems("");
        T value = kind.read(Value.elsewhere(problems, name, defaultText))
                .orElseThrow(() -> new IllegalStateException("a default that is wrong itself: " + problems.errors()));
        return new Setting<>(this, value, new Source.Default());
    }
}
