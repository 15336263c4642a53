package dev.banyan.stores.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The directory, and an empty log in it. A file is there only once its directory entry is on the disk too. */
final class DataDirectory {
    private static final String LOG = "revisions.log";

    private DataDirectory() {}

    /** For its owner only: secrets lie beside the log. One that exists is left as it is. */
    static void make(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        OwnerOnlyFile.syncEntry(directory);
    }

    /** The log's path; one with nothing in it is made if there is none. */
    static Path log(Path directory) throws IOException {
        Path log = directory.resolve(LOG);
        if (Files.exists(log)) {
            return log;
        }
        // Whole or not at all: a log that is there always has its header, so a short one is damage.
        OwnerOnlyFile.replace(log, RevisionLog.header());
        return log;
    }
}
