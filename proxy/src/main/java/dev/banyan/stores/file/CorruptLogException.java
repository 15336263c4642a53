package dev.banyan.stores.file;

import java.io.IOException;
import java.nio.file.Path;

/** The log holds something that Banyan never wrote. Nothing is repaired: cutting could lose revisions that were acknowledged. */
public final class CorruptLogException extends IOException {
    private static final long serialVersionUID = 1;

    CorruptLogException(Path file, long offset, String what) {
        super(file + ": damaged at byte " + offset + ": " + what
                + "; fix: restore the file from a backup or from another disk,"
                + " or move it away to start with an empty history");
    }
}
