package dev.banyan.services.kit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;

/** The command line that all services have. */
public final class ServiceMain {

    private static final String LOG_CONFIGURATION = "logback.configurationFile";
    private static final int FAILED = 1;
    private static final int BAD_USAGE = 2;

    private ServiceMain() {}

    /** Runs until a signal, or with {@code --exit-with-parent} the end of standard input, stops it. */
    public static void run(Service.Definition definition, String[] arguments) {
        // Before the first logger is made, which is why a service's main class has none.
        System.setProperty(LOG_CONFIGURATION, System.getProperty(LOG_CONFIGURATION, "service-logback.xml"));
        int status = run(definition, List.of(arguments), System.out, System.err);
        if (status != 0) {
            System.exit(status);
        }
    }

    private static int run(Service.Definition definition, List<String> arguments, PrintStream out, PrintStream err) {
        ServiceSettings settings;
        try {
            settings = ServiceSettings.parse(definition.name(), definition.defaultPort(), arguments, System.getenv());
        } catch (IllegalArgumentException e) {
            err.println(definition.name() + ": " + e.getMessage());
            return BAD_USAGE;
        }
        try {
            RunningService running = RunningService.start(definition, settings);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(definition, running, err), "stop"));
            out.println(definition.name() + " listening on " + settings.host().getHostAddress() + ":" + running.port());
            out.flush();
        } catch (PortTakenException | IOException e) {
            err.println(definition.name() + ": " + e.getMessage());
            return FAILED;
        }
        if (settings.exitWithParent()) {
            exitAtEndOf(System.in);
        }
        return 0;
    }

    private static void stop(Service.Definition definition, RunningService running, PrintStream err) {
        int status = 0;
        try {
            running.close();
        } catch (IOException | RuntimeException e) {
            err.println(definition.name() + ": did not stop cleanly: " + e);
            status = FAILED;
        }
        // A JVM that a signal ends has exit code 143, however well it ended.
        Runtime.getRuntime().halt(status);
    }

    /** A parent that dies, however it dies, closes the pipe that is our standard input. */
    private static void exitAtEndOf(InputStream parent) {
        Thread watch = new Thread(
                () -> {
                    try {
                        parent.transferTo(OutputStream.nullOutputStream());
                    } catch (IOException e) {
                        // As good as the end.
                    }
                    System.exit(0);
                },
                "parent-watch");
        watch.setDaemon(true);
        watch.start();
    }
}
