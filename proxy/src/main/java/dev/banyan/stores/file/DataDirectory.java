package dev.banyan.stores.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
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
        Path parent = directory.toAbsolutePath().getParent();
        if (parent != null) {
            force(parent);
        }
    }

    /** The log's path; one with nothing in it is made if there is none. */
    static Path log(Path directory) throws IOException {
        Path log = directory.resolve(LOG);
        if (Files.exists(log)) {
            return log;
        }
        // Whole or not at all: a log that is there always has its header, so a short one is damage.
        replace(log, RevisionLog.header());
        return log;
    }

    /** What was in the file before, or this, is there after a crash; never a part. Usable by its owner only. */
    static void replace(Path file, ByteBuffer content) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            while (content.hasRemaining()) {
                channel.write(content);
            }
            channel.force(true);
        } catch (IOException e) {
            // A full disk has better uses for its last bytes.
            Files.deleteIfExists(fresh);
            throw e;
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            force(directory);
        }
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
