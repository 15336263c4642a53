package dev.banyan.settings;

import dev.banyan.yaml.Value;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Where a secret is to be found. A secret itself never stands among the settings: they are shown, logged and kept in repositories. */
public sealed interface SecretReference {
    String FIX =
            "put it into a file of its own and write file:PATH, or into an environment variable and write env:NAME";

    /** The first line of a file; read anew where the file's reader says so. */
    record InFile(Path path) implements SecretReference {
        @Override
        public String toString() {
            return "file:" + path;
        }
    }

    /** An environment variable of the process. */
    record InEnvironment(String variable) implements SecretReference {
        @Override
        public String toString() {
            return "env:" + variable;
        }
    }

    /** Never shows what it refuses: that is, most likely, the secret. */
    static Optional<SecretReference> read(Value value) {
        Optional<SecretReference> reference = value.scalar(FIX).flatMap(SecretReference::parse);
        if (reference.isEmpty() && value.isScalar()) {
            value.wrong("a secret must not stand here itself (what it says is not shown)", FIX);
        }
        return reference;
    }

    private static Optional<SecretReference> parse(String text) {
        if (text.startsWith("env:") && text.substring(4).matches("[A-Za-z_][A-Za-z0-9_]{0,127}")) {
            return Optional.of(new InEnvironment(text.substring(4)));
        }
        if (text.startsWith("file:") && text.length() > 5) {
            try {
                return Optional.of(new InFile(Path.of(text.substring(5))));
            } catch (InvalidPathException e) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }
}
