package dev.banyan.stores.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One process has a data directory at a time. The operating system frees the lock when the process ends, however it ends, so a file
 * left behind stops nobody; the process id in it is for people.
 */
final class DirectoryLock implements AutoCloseable {
    private static final String FILE = "lock";

    /**
     * Directories that this JVM holds. POSIX drops a lock when the process closes any descriptor of the file, so a second opener in the
     * same JVM must be turned away before it opens it.
     */
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /** Does not wait: a second process is refused, with the first one's id. */
    static DirectoryLock take(Path directory) throws IOException {
        Path held = directory.toRealPath();
        if (!HELD_HERE.add(held)) {
            throw new DataDirectoryInUseException(directory, Long.toString(ownPid()));
        }
        try {
            return new DirectoryLock(held, lock(directory));
        } catch (IOException | RuntimeException e) {
            HELD_HERE.remove(held);
            throw e;
        }
    }

    private static FileChannel lock(Path directory) throws IOException {
        FileChannel channel = FileChannel.open(
                directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() == null) {
                throw new DataDirectoryInUseException(directory, holder(channel));
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(Long.toString(ownPid()).getBytes(StandardCharsets.US_ASCII)), 0);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static long ownPid() {
        return ProcessHandle.current().pid();
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer pid = ByteBuffer.allocate(20);
        channel.read(pid, 0);
        return new String(pid.array(), 0, pid.position(), StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            HELD_HERE.remove(directory);
        }
    }
}
