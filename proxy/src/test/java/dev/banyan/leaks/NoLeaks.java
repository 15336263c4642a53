package dev.banyan.leaks;

import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Registered for every test class (META-INF/services): a buffer that was lost in it fails it, with the records of who touched it. A
 * leak shows only when the collector has found the buffer, so a collection is forced after each class.
 */
public final class NoLeaks implements AfterAllCallback {

    @Override
    public void afterAll(ExtensionContext context) {
        if (context.getParent().isPresent()
                && context.getParent().get().getTestClass().isPresent()) {
            return; // a nested class: its outermost looks
        }
        List<String> leaks = RecordedLeaks.afterACollection();
        if (!leaks.isEmpty()) {
            throw new AssertionError(leaks.size() + " buffers were lost, the first:\n" + leaks.get(0));
        }
    }
}
