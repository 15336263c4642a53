package dev.banyan.stores.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The lines of a file from some place backwards, read a block at a time. Each line has its end. */
final class BackwardLines {
    private static final int BLOCK_BYTES = 64 * 1024;

    private final FileChannel file;
    /** What is read and not yet given: the bytes of the file from {@code from} on. */
    private byte[] read = new byte[0];

    private long from;

    /** @param end of a line, or 0 */
    BackwardLines(FileChannel file, long end) {
        this.file = file;
        this.from = end;
    }

    /** @param place of its first byte in the file */
    record Line(long place, String text) {}

    /** Null before the first. */
    @Nullable
    Line previous() throws IOException {
        int start = startOfLast();
        while (start < 0 && from > 0) {
            readMore();
            start = startOfLast();
        }
        if (read.length == 0) {
            return null;
        }
        int begin = Math.max(0, start);
        Line line = new Line(from + begin, new String(read, begin, read.length - begin, StandardCharsets.UTF_8));
        read = Arrays.copyOf(read, begin);
        return line;
    }

    /** In what is read; negative if it begins before. */
    private int startOfLast() {
        for (int i = read.length - 2; i >= 0; i--) {
            if (read[i] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    private void readMore() throws IOException {
        long begin = Math.max(0, from - BLOCK_BYTES);
        int count = Math.toIntExact(from - begin);
        byte[] more = Arrays.copyOf(bytes(file, begin, from), count + read.length);
        System.arraycopy(read, 0, more, count, read.length);
        read = more;
        from = begin;
    }

    static byte[] bytes(FileChannel file, long from, long to) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(to - from));
        while (bytes.hasRemaining() && file.read(bytes, from + bytes.position()) >= 0) {
            // Goes on until it has all.
        }
        return bytes.array();
    }
}
