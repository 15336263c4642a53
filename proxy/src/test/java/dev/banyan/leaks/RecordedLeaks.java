package dev.banyan.leaks;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What Netty's leak detectors have reported in this JVM since it was last asked. */
final class RecordedLeaks {
    private static final Queue<String> REPORTS = new ConcurrentLinkedQueue<>();

    private static final int COLLECTIONS = 2;
    private static final long PATIENCE_MILLIS = 2_000;

    private RecordedLeaks() {}

    static void add(String report) {
        REPORTS.add(report);
    }

    /** Forces what is lost to be found, and takes the reports. */
    static List<String> afterACollection() {
        for (int i = 0; i < COLLECTIONS; i++) {
            collect();
            reportOfEveryDetector();
        }
        List<String> taken = new ArrayList<>();
        for (String report = REPORTS.poll(); report != null; report = REPORTS.poll()) {
            taken.add(report);
        }
        return taken;
    }

    /** Returns when the collector's finds have reached their queues, which another thread takes them to. */
    private static void collect() {
        ReferenceQueue<Object> found = new ReferenceQueue<>();
        PhantomReference<Object> witness = new PhantomReference<>(new Object(), found);
        System.gc();
        try {
            found.remove(PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Reference.reachabilityFence(witness);
        }
    }

    /** A detector looks at its queue of collected buffers when it is asked to track another. */
    private static void reportOfEveryDetector() {
        for (ByteBufAllocator allocator :
                new ByteBufAllocator[] {PooledByteBufAllocator.DEFAULT, ByteBufAllocator.DEFAULT}) {
            for (int i = 0; i < 4; i++) {
                allocator.directBuffer(16).release();
                allocator.heapBuffer(16).release();
                allocator.compositeBuffer().release();
            }
        }
    }
}
