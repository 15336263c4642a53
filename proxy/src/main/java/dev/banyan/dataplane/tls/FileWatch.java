package dev.banyan.dataplane.tls;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at files again and again, such as those of certificates, all of them by one thread. By their content: a Kubernetes secret changes by a link
 * two levels up, which no notice of the file itself tells.
 */
public final class FileWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);

    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("banyan-files", true));
    private final List<Watched> watched = new CopyOnWriteArrayList<>();

    /** What is made of files. */
    public interface Watched {
        /** Whether they are others now, and if so, takes them. Never fails for what is wrong with a file. */
        void look();
    }

    public FileWatch(Duration every) {
        thread.scheduleWithFixedDelay(this::look, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    public void add(Watched files) {
        watched.add(files);
    }

    public void remove(Watched files) {
        watched.remove(files);
    }

    /** Does not wait for the next time, nor for the files. */
    public void lookNow() {
        if (!thread.isShutdown()) {
            thread.execute(this::look);
        }
    }

    private void look() {
        for (Watched each : watched) {
            try {
                each.look();
            } catch (RuntimeException e) {
                LOG.error("could not look at files", e);
            }
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
