package dev.banyan.app;

import dev.banyan.output.LogFiles;

/**
 * What SIGHUP and SIGUSR1 ask for: log files opened, certificates and the test user's credentials read anew. Listens before the proxy
 * starts, because until somebody does, these signals end the process, and whoever rotates logs does not wait for a start.
 */
final class Reload {
    private final LogFiles logFiles;

    /** Set once, by the thread that starts the proxy; until then it is reading the files anyway. */
    private volatile Runnable files = () -> {};

    private Reload(LogFiles logFiles) {
        this.logFiles = logFiles;
    }

    static Reload atSignals(LogFiles logFiles) {
        Reload reload = new Reload(logFiles);
        Signals.onReload(reload::run);
        return reload;
    }

    void filesOf(BanyanProxy proxy) {
        files = proxy::readFilesAnew;
    }

    private void run() {
        logFiles.reopen();
        files.run();
    }
}
