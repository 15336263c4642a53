package dev.banyan.output;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;

/**
 * Lines on their way to one output. Whoever has one hands it over and goes on; one thread writes. What does not fit, because nobody
 * reads or the disk is full, is dropped and counted, and once lines get through again the output is told how many are missing.
 */
public final class LogLines implements AutoCloseable {
    /** Some thousand lines: what a proxy says in an hour, or in a bad second. */
    static final int MOST_BYTES = 1 << 20;

    private static final byte[] LINE_END = {'\n'};

    private final WritableByteChannel out;
    private final LongFunction<byte[]> missing;
    private final Thread writer;

    /** Held while bytes are copied, never while they are written. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition arrived = lock.newCondition();
    private Batch filling = new Batch();
    private long dropped;
    private long droppedUntold;
    private boolean closing;

    /** Of the writer: whether a write failed in the middle of a line, which the next must not go on with. */
    private boolean torn;

    /** Whole lines, one behind the other. */
    private static final class Batch {
        private byte[] bytes = new byte[8 * 1024];
        private int length;
        private int lines;

        boolean add(byte[] line) {
            if (length + line.length > MOST_BYTES) {
                return false;
            }
            if (length + line.length > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.min(MOST_BYTES, Math.max(2 * bytes.length, length + line.length)));
            }
            System.arraycopy(line, 0, bytes, length, line.length);
            length += line.length;
            lines++;
            return true;
        }
    }

    /**
     * Writes until it is closed.
     *
     * @param name of the writing thread
     * @param out closed at the end, if that end comes in time
     * @param missing the line that says that so many are missing
     */
    public LogLines(String name, WritableByteChannel out, LongFunction<byte[]> missing) {
        this.out = out;
        this.missing = missing;
        this.writer = new Thread(this::write, name);
        writer.setDaemon(true);
        writer.start();
    }

    /** Takes a line with its end, or drops it. Never waits for the output. */
    public void add(byte[] line) {
        lock.lock();
        try {
            if (closing || !filling.add(line)) {
                drop(1);
            } else {
                arrived.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** How many lines were dropped since the start. */
    public long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    private void drop(int lines) {
        dropped += lines;
        droppedUntold += lines;
    }

    private void write() {
        Batch spare = new Batch();
        while (true) {
            Batch full;
            long untold;
            lock.lock();
            try {
                while (filling.length == 0 && !closing) {
                    arrived.awaitUninterruptibly();
                }
                if (filling.length == 0) {
                    return;
                }
                full = filling;
                filling = spare;
                untold = droppedUntold;
                droppedUntold = 0;
            } finally {
                lock.unlock();
            }
            write(full, untold);
            full.length = 0;
            full.lines = 0;
            spare = full;
        }
    }

    /** What is missing came after the lines that were full by then. */
    private void write(Batch batch, long missingAfter) {
        // Where it fails there is nobody to tell: this is where it would be told. The count says it, and a later line
        // does.
        if (!written(ByteBuffer.wrap(batch.bytes, 0, batch.length))) {
            lost(batch.lines + missingAfter, batch.lines);
        } else if (missingAfter > 0 && !written(ByteBuffer.wrap(missing.apply(missingAfter)))) {
            lost(missingAfter, 0);
        }
    }

    private void lost(long untold, int lines) {
        lock.lock();
        try {
            dropped += lines;
            droppedUntold += untold;
        } finally {
            lock.unlock();
        }
    }

    private boolean written(ByteBuffer bytes) {
        try {
            if (torn) {
                out.write(ByteBuffer.wrap(LINE_END));
                torn = false;
            }
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            return true;
        } catch (IOException e) {
            torn |= bytes.position() > 0 && bytes.get(bytes.position() - 1) != '\n';
            return false;
        }
    }

    /** Takes no more lines and gives those that it has {@code limit} to get away. */
    public void close(Duration limit) {
        lock.lock();
        try {
            closing = true;
            arrived.signal();
        } finally {
            lock.unlock();
        }
        try {
            writer.join(limit.toMillis());
            if (!writer.isAlive()) {
                out.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // Its lines are written, or counted as lost.
            return;
        }
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(1));
    }
}
