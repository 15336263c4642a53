package dev.banyan.stores.file;

import java.io.IOException;
import java.nio.file.Path;

/** Another process has the data directory. */
public final class DataDirectoryInUseException extends IOException {
    private static final long serialVersionUID = 1;

    private final String pid;

    DataDirectoryInUseException(Path directory, String pid) {
        super(directory + " is in use by process " + (pid.isEmpty() ? "(unknown)" : pid)
                + "; fix: stop that process, or start with another --data");
        this.pid = pid;
    }

    /** As the other process wrote it; empty if it has not yet. */
    public String pid() {
        return pid;
    }
}
