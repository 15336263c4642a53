package dev.banyan.routing.file;

import java.util.ArrayList;
import java.util.List;

/** What has been found wrong with one file so far. Bounded: nobody reads further, and a file may be nothing but mistakes. */
final class Problems {
    static final int MAX_PER_FILE = 100;

    private final String file;
    private final List<Problem> errors = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();
    private boolean more;

    Problems(String file) {
        this.file = file;
    }

    String file() {
        return file;
    }

    void error(Position at, String what, String fix) {
        if (errors.size() < MAX_PER_FILE) {
            errors.add(at.problem(what, fix));
        } else if (!more) {
            more = true;
            errors.add(at.problem(
                    "more than " + MAX_PER_FILE + " problems, the others are not listed", "mend those above first"));
        }
    }

    void warning(Position at, String what, String fix) {
        if (warnings.size() < MAX_PER_FILE) {
            warnings.add(at.problem(what, fix));
        }
    }

    List<Problem> errors() {
        return List.copyOf(errors);
    }

    List<Problem> warnings() {
        return List.copyOf(warnings);
    }
}
