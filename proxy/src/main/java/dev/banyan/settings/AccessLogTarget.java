package dev.banyan.settings;

import dev.banyan.yaml.Shown;
import dev.banyan.yaml.Suggestion;
import dev.banyan.yaml.Value;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where the lines of the access log go. */
public sealed interface AccessLogTarget {

    /** The process's standard output. */
    record StandardOutput() implements AccessLogTarget {
        @Override
        public String toString() {
            return "stdout";
        }
    }

    /** Nowhere. */
    record Off() implements AccessLogTarget {
        @Override
        public String toString() {
            return "off";
        }
    }

    /** The end of a file. */
    record ToFile(Path path) implements AccessLogTarget {
        @Override
        public String toString() {
            return path.toString();
        }
    }

    /** A file is written with a slash, so that a misspelt word does not become one. */
    static Optional<AccessLogTarget> read(Value value) {
        String fix = "write stdout, off, or a path with a slash in it, such as ./access.log";
        return value.scalar(fix).flatMap(text -> switch (text) {
            case "stdout" -> Optional.of(new StandardOutput());
            case "off" -> Optional.of(new Off());
            default -> {
                if (text.indexOf('/') >= 0) {
                    yield Kind.path(value, fix).map(ToFile::new);
                }
                value.wrong(
                        Shown.text(text) + " is not known here",
                        Suggestion.of(text, List.of("stdout", "off"))
                                .map(near -> "did you mean " + near + "?")
                                .orElse(fix));
                yield Optional.empty();
            }
        });
    }
}
