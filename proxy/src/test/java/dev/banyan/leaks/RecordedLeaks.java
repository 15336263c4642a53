package dev.banyan.leaks;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
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

    static {
        // Before Netty makes its first detector: each asks the factory that is there when its class is loaded.
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Factory());
    }

    private RecordedLeaks() {}

    /** Makes sure that leaks are recorded; only the first call does anything. */
    static void install() {
        // The static initialiser did it.
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

    private static final class Factory extends ResourceLeakDetectorFactory {
        @Override
        @SuppressWarnings("deprecation") // abstract in Netty 4.2, so it must be implemented
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                Class<T> resource, int samplingInterval, long maxActive) {
            return new Detector<>(resource, samplingInterval);
        }
    }

    private static final class Detector<T> extends ResourceLeakDetector<T> {
        Detector(Class<T> resource, int samplingInterval) {
            super(resource, samplingInterval);
        }

        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String resourceType, String records) {
            REPORTS.add(resourceType + records);
        }

        @Override
        protected void reportUntracedLeak(String resourceType) {
            REPORTS.add(resourceType + ", without records");
        }
    }
}
