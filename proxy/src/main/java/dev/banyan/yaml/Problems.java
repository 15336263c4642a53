package dev.banyan.yaml;

import java.util.ArrayList;
import java.util.List;

/** What has been found wrong with one file so far. Bounded: nobody reads further, and a file may be nothing but mistakes. */
public final class Problems {
    static final int MAX_PER_FILE = 100;

    private final String file;
    private final boolean accepted;
    private final List<Problem> errors = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();
    private boolean more;

    /**
     * For one file, or for what stands in none.
     *
     * @param file what it is reported with
     */
    public Problems(String file) {
        this(file, false);
    }

    private Problems(String file, boolean accepted) {
        this.file = file;
        this.accepted = accepted;
    }

    /** For a text that was accepted once, such as a stored table, and must be readable for ever: only what cannot be understood is told. */
    public static Problems ofAccepted(String name) {
        return new Problems(name, true);
    }

    public boolean areOfAccepted() {
        return accepted;
    }

    public String file() {
        return file;
    }

    public void error(Position at, String what, String fix) {
        if (errors.size() < MAX_PER_FILE) {
            errors.add(at.problem(what, fix));
        } else if (!more) {
            more = true;
            errors.add(at.problem(
                    "more than " + MAX_PER_FILE + " problems, the others are not listed", "mend those above first"));
        }
    }

    public void warning(Position at, String what, String fix) {
        if (warnings.size() < MAX_PER_FILE) {
            warnings.add(at.problem(what, fix));
        }
    }

    public List<Problem> errors() {
        return List.copyOf(errors);
    }

    public List<Problem> warnings() {
        return List.copyOf(warnings);
    }
}
