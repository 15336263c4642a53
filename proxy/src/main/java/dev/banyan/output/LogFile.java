package dev.banyan.output;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** The end of a file that may be renamed, removed or replaced while it is written to. Written by one thread, opened anew by another. */
public final class LogFile implements WritableByteChannel {
    private final Path path;

    // Changed by whoever opens it anew, read by the writer at each write.
    private volatile Opened opened;
    private volatile boolean closed;

    // Written by the thread that looks.
    private volatile boolean failing;

    /** An open channel and what it leads to. */
    private record Opened(FileChannel channel, @Nullable Object identity) {}

    private LogFile(Path path, Opened opened) {
        this.path = path;
        this.opened = opened;
    }

    static LogFile open(Path path) throws IOException {
        return new LogFile(path, opened(path));
    }

    private static Opened opened(Path path) throws IOException {
        FileChannel channel = isSpecial(path) ? special(path) : regular(path);
        return new Opened(channel, identity(path));
    }

    private static FileChannel regular(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** A named pipe without a reader would hold up who opens it to write only, until one comes (Linux fifo(7)). */
    private static FileChannel special(Path path) throws IOException {
        try {
            return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException mayNotBeRead) {
            return FileChannel.open(path, StandardOpenOption.WRITE);
        }
    }

    private static boolean isSpecial(Path path) {
        return Files.exists(path) && !Files.isRegularFile(path);
    }

    /** Device and inode, where the file system has them; null: it is not known, or there is no file. */
    private static @Nullable Object identity(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            return null;
        }
    }

    /** Whether a file of that name is there, and is the one that is written to. */
    boolean isWhatItsNameSays() {
        Object identity = opened.identity();
        return closed || (identity == null ? Files.exists(path) : identity.equals(identity(path)));
    }

    /**
     * Goes on in the file that has the name now, or in a new one; whether it did.
     *
     * @throws IOException there can be none; the old one goes on
     */
    boolean reopen() throws IOException {
        if (closed) {
            return false;
        }
        Opened before = opened;
        opened = opened(path);
        failing = false;
        // A write that is under way in another thread ends with an exception then, and is made again by it.
        before.channel().close();
        return true;
    }

    /** Whether this failure is the first since it was opened. */
    boolean failedFirst() {
        boolean first = !failing;
        failing = true;
        return first;
    }

    /** Whether there is a reason why it cannot be opened anew. */
    boolean reopeningFailed() {
        return failing;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        while (true) {
            FileChannel now = opened.channel();
            try {
                return now.write(bytes);
            } catch (ClosedChannelException e) {
                // Opened anew meanwhile, it goes on there.
                if (closed || !opened.channel().isOpen()) {
                    throw e;
                }
            }
        }
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        opened.channel().close();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
