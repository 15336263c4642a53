package dev.banyan.output;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that lines are written to. One thread looks each second whether each is still the file of its name, and opens it anew when it
 * was renamed or removed, with or without a signal: who writes never waits for that.
 */
public final class LogFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogFiles.class);
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final List<LogFile> files = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "banyan-log-files");
        made.setDaemon(true);
        return made;
    });

    public LogFiles() {
        ScheduledFuture<?> unused = thread.scheduleWithFixedDelay(
                () -> files.forEach(LogFiles::look), EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The end of a file, which is made if there is none. */
    public LogFile open(Path path) throws IOException {
        LogFile file = LogFile.open(path);
        files.add(file);
        return file;
    }

    private static void look(LogFile file) {
        if (!file.isWhatItsNameSays()) {
            reopen(file);
        }
    }

    private static void reopen(LogFile file) {
        try {
            if (file.reopen()) {
                LOG.info("opened a log file anew file={}", file);
            }
        } catch (IOException e) {
            if (file.failedFirst()) {
                LOG.warn(
                        "could not open a log file anew, lines go on to the old one file={} cause={}",
                        file,
                        e.toString());
            }
        }
    }

    /** Opens all of them anew, soon: after a signal. */
    public void reopen() {
        try {
            thread.execute(() -> files.forEach(LogFiles::reopen));
        } catch (RejectedExecutionException e) {
            LOG.debug("closed, so nothing is opened anew");
        }
    }

    /** Looks no more; the files stay open for whoever writes. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
