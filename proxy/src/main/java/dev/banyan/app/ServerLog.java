package dev.banyan.app;

import dev.banyan.app.settings.LogLevel;
import java.nio.file.Path;

/** Where a server's own log goes. Must be said before the first logger is made. */
final class ServerLog {
    private static final String CONFIGURATION = "logback.configurationFile";

    private ServerLog() {}

    /** To standard error, as lines for a log collector; standard output carries the access log. */
    static void toStandardError(LogLevel level) {
        System.setProperty("banyan.log.level", level.name());
        configure("dev/banyan/app/logback-serve.xml");
    }

    /** To a file, so that the terminal shows only what the demo prints. */
    static void toFile(Path file) {
        System.setProperty("banyan.log.file", file.toString());
        configure("dev/banyan/app/logback-demo.xml");
    }

    private static void configure(String resource) {
        if (System.getProperty(CONFIGURATION) == null) {
            System.setProperty(CONFIGURATION, resource);
        }
    }
}
