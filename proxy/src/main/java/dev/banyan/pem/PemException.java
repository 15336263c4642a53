package dev.banyan.pem;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What is wrong with a file, and what to do: {@code FILE: what; fix: ...}. Never what stands in it. */
public final class PemException extends IOException {
    private static final long serialVersionUID = 1;

    private final String where;
    private final String fix;

    PemException(Path file, String what, String fix) {
        this(file, what, fix, null);
    }

    PemException(Path file, String what, String fix, @Nullable Throwable cause) {
        super(file + ": " + what + "; fix: " + fix, cause);
        this.where = file + ": " + what;
        this.fix = fix;
    }

    /** The file, and what is wrong with it. */
    public String what() {
        return where;
    }

    public String fix() {
        return fix;
    }
}
