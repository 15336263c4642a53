package dev.banyan.services.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.money.json.RailsJson;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of JSON lines that only grows. What was acknowledged is on disk, whatever happens to the process.
 *
 * <p>A line that a crash cut short was never acknowledged, and is cut off at the next start. After a write that failed
 * nobody knows what is on disk: nothing more is written until a restart has looked.
 */
public final class Journal implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final int MOST_WAITING = 1024;
    private static final int NEWLINE = '\n';

    private final Path file;
    private final FileChannel channel;
    private final BlockingQueue<Entry> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Thread writer;

    // Touched by the writer's thread only.
    private boolean broken;

    private Journal(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
        this.writer = new Thread(this::write, "journal " + file.getFileName());
        this.writer.setDaemon(true);
    }

    private record Entry(ObjectNode row, CompletableFuture<Void> written, boolean isLast) {}

    /**
     * Opens the file and hands its lines to {@code replay}.
     *
     * @param firstLines what the file begins with, if there is none yet; it appears whole or not at all
     */
    public static Journal open(Path file, Supplier<List<ObjectNode>> firstLines, Consumer<JsonNode> replay)
            throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        if (!Files.exists(file)) {
            create(file, firstLines.get());
        }
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            lock(file, channel);
            channel.truncate(replay(file, channel, replay));
            channel.position(channel.size());
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        Journal journal = new Journal(file, channel);
        journal.writer.start();
        return journal;
    }

    /**
     * Takes ownership of the row. Completes once it is on disk, on the writer's thread. Never blocks: a full queue fails
     * the stage.
     */
    public CompletionStage<Void> append(ObjectNode row) {
        Entry entry = new Entry(row, new CompletableFuture<>(), false);
        if (!waiting.offer(entry)) {
            entry.written().completeExceptionally(new IOException(file + ": too many writes are waiting"));
        }
        return entry.written();
    }

    @Override
    public void close() throws IOException {
        try {
            waiting.put(new Entry(JsonNodeFactory.instance.objectNode(), new CompletableFuture<>(), true));
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        channel.close();
    }

    private void write() {
        List<Entry> batch = new ArrayList<>();
        boolean open = true;
        while (open) {
            batch.clear();
            try {
                batch.add(waiting.take());
            } catch (InterruptedException e) {
                return;
            }
            // All that came while the disk was busy goes with one fsync.
            waiting.drainTo(batch);
            write(batch);
            open = batch.stream().noneMatch(Entry::isLast);
        }
    }

    private void write(List<Entry> batch) {
        try {
            if (broken) {
                throw new IOException(file + ": read-only since a write failed; restart the service");
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (Entry entry : batch) {
                if (!entry.isLast()) {
                    bytes.write(line(entry.row()));
                }
            }
            ByteBuffer buffer = ByteBuffer.wrap(bytes.toByteArray());
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(false);
            batch.forEach(entry -> entry.written().complete(null));
        } catch (IOException e) {
            if (!broken) {
                LOG.error("became read-only file={} cause={}", file, e.toString());
            }
            broken = true;
            batch.forEach(entry -> entry.written().completeExceptionally(e));
        }
    }

    private static void create(Path file, List<ObjectNode> lines) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".new");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (ObjectNode line : lines) {
            bytes.write(line(line));
        }
        try (FileChannel channel = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes.toByteArray());
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        // The new name lies in the directory, which has to reach the disk as well.
        try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private static void lock(Path file, FileChannel channel) throws IOException {
        try {
            if (channel.tryLock() != null) {
                return;
            }
        } catch (OverlappingFileLockException e) {
            // Held in this process; told below.
        }
        throw new IOException(file + ": in use by another process; choose another directory with --data");
    }

    /**
     * The length of what is whole.
     *
     * <p>Reads by the channel that holds the lock: closing any other one of the same file would give the lock up (POSIX,
     * fcntl).
     */
    private static long replay(Path file, FileChannel channel, Consumer<JsonNode> replay) throws IOException {
        InputStream in = new BufferedInputStream(Channels.newInputStream(channel));
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        long whole = 0;
        int number = 0;
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next != NEWLINE) {
                line.write(next);
                continue;
            }
            number++;
            JsonNode row = RailsJson.parse(line.toByteArray());
            if (row == null) {
                throw new IOException(file + ":" + number + ": no JSON; restore the file from a copy");
            }
            replay.accept(row);
            whole += line.size() + 1L;
            line.reset();
        }
        return whole;
    }

    private static byte[] line(ObjectNode row) {
        byte[] json = RailsJson.bytes(row);
        byte[] line = new byte[json.length + 1];
        System.arraycopy(json, 0, line, 0, json.length);
        line[json.length] = NEWLINE;
        return line;
    }
}
