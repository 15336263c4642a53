package dev.banyan.leaks;

import io.netty.util.ResourceLeakDetector;

/**
 * Keeps what it finds. Netty makes it by its name, which the build gives to the test JVM as {@code io.netty.customResourceLeakDetector}:
 * set by a test class it would come too late for what other tests have loaded before.
 */
public final class RecordingLeakDetector<T> extends ResourceLeakDetector<T> {

    /** As Netty asks for it. */
    public RecordingLeakDetector(Class<T> resource, int samplingInterval) {
        super(resource, samplingInterval);
    }

    @Override
    protected boolean needReport() {
        return true;
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
        RecordedLeaks.add(resourceType + records);
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
        RecordedLeaks.add(resourceType + ", without records");
    }
}
