package dev.banyan.stores.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files that hold secrets, or what leads to them: readable by their owner only from the first instant, and never half written. */
final class OwnerOnlyFile {
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private OwnerOnlyFile() {}

    /** What was in the file before, or this, is there after a crash; never a part. It is on the disk when this returns. */
    static void replace(Path file, ByteBuffer content) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try (FileChannel channel = open(fresh, StandardOpenOption.CREATE_NEW)) {
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
        syncEntry(file);
    }

    /** Opens for writing; if it is made by this, it is its owner's alone. */
    static FileChannel open(Path file, StandardOpenOption how) throws IOException {
        return FileChannel.open(file, Set.of(StandardOpenOption.WRITE, how), OWNER_ONLY);
    }

    /** A new name must be on the disk too, or a crash takes the file, or the directory, back. */
    static void syncEntry(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null) {
            return;
        }
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
