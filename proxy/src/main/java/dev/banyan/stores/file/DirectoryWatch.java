package dev.banyan.stores.file;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes somebody when anything in a directory is made, written, renamed or deleted. What it was does not matter: a ConfigMap's files
 * never change, the link {@code ..data} beside them does.
 */
final class DirectoryWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryWatch.class);

    private final WatchService service;
    private final Runnable wake;

    private DirectoryWatch(WatchService service, Runnable wake) {
        this.service = service;
        this.wake = wake;
    }

    static DirectoryWatch start(Path directory, Runnable wake) throws IOException {
        WatchService service = directory.getFileSystem().newWatchService();
        try {
            directory.register(
                    service,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE);
        } catch (IOException | RuntimeException e) {
            service.close();
            throw e;
        }
        DirectoryWatch watch = new DirectoryWatch(service, wake);
        Thread thread = new Thread(watch::run, "banyan-routes-watch");
        thread.setDaemon(true);
        thread.start();
        return watch;
    }

    /** Ends when the service is closed, or when the directory itself goes: the poll sees what comes after. */
    private void run() {
        try {
            boolean there = true;
            while (there) {
                WatchKey key = service.take();
                key.pollEvents();
                there = key.reset();
                wake.run();
            }
        } catch (InterruptedException | ClosedWatchServiceException | RejectedExecutionException e) {
            // Closed, and the reader with it: there is nobody left to wake.
            return;
        } catch (RuntimeException | Error e) {
            LOG.warn("stopped watching the routing files; changes are seen by polling from now on", e);
        }
    }

    @Override
    public void close() throws IOException {
        service.close();
    }
}
