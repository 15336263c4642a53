package dev.banyan.app;

import dev.banyan.testing.RawUpstream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A side that takes its time over writes, and remembers which it executed and when. */
final class RecordingUpstream {
    private static final Pattern WRITE_ID = Pattern.compile("X-Write-Id: (\\S+)\r\n");
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final long LONGEST_MICROS = 15_000;

    private final List<Execution> executions = new CopyOnWriteArrayList<>();
    private final AtomicLong reads = new AtomicLong();
    private final RawUpstream raw;

    /** One write, from the moment it arrived until it was done. */
    record Execution(String writeId, long beginNanos, long endNanos) {}

    RecordingUpstream() throws IOException {
        raw = RawUpstream.running(this::serve);
    }

    private void serve(RawUpstream.Connection connection) throws IOException {
        for (String head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
            if (head.startsWith("POST ")) {
                execute(head);
            } else {
                reads.incrementAndGet();
            }
            connection.write(ANSWER);
        }
    }

    private void execute(String head) {
        Matcher id = WRITE_ID.matcher(head);
        if (!id.find()) {
            throw new AssertionError("a write without an id: " + head);
        }
        long begin = System.nanoTime();
        // The work itself: what it takes differs from write to write.
        LockSupport.parkNanos(1_000 * ThreadLocalRandom.current().nextLong(LONGEST_MICROS));
        executions.add(new Execution(id.group(1), begin, System.nanoTime()));
    }

    RawUpstream raw() {
        return raw;
    }

    List<Execution> executions() {
        return executions;
    }

    long reads() {
        return reads.get();
    }
}
