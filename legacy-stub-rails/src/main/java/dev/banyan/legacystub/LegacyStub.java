package dev.banyan.legacystub;

import com.github.tomakehurst.wiremock.common.FatalStartupException;
import dev.banyan.legacystub.faults.Faults;
import dev.banyan.legacystub.money.MoneyApp;
import dev.banyan.legacystub.rails.RailsApp;
import dev.banyan.legacystub.server.RailsServer;
import dev.banyan.legacystub.session.SessionCookie;
import dev.banyan.legacystub.standin.StandInForEvents;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** The Rails monolith of the money app, as far as a proxy can tell. */
public final class LegacyStub implements AutoCloseable {

    private static final String LOG_CONFIGURATION = "logback.configurationFile";
    private static final int FAILED = 1;
    private static final int BAD_USAGE = 2;

    private final RailsServer server;
    private final StandInForEvents events;

    private LegacyStub(RailsServer server, StandInForEvents events) {
        this.server = server;
        this.events = events;
    }

    public static void main(String[] arguments) {
        // Of our own name, so that it does not take over the log of a test that starts the stub in its own JVM.
        System.setProperty(LOG_CONFIGURATION, System.getProperty(LOG_CONFIGURATION, "legacy-stub-logback.xml"));
        int status = run(List.of(arguments), System.out, System.err);
        if (status != 0) {
            System.exit(status);
        }
    }

    public static LegacyStub start(StubOptions options) {
        Clock clock = Clock.systemUTC();
        SessionCookie sessions = new SessionCookie(options.secretKeyBase(), clock, new SecureRandom());
        StandInForEvents events = new StandInForEvents(options.handWritesTo());
        MoneyApp money = new MoneyApp(clock, events);
        RailsApp app = new RailsApp(money.routes(), sessions, money::writesOfThisThread);
        Faults faults = new Faults(() -> ThreadLocalRandom.current().nextDouble());
        return new LegacyStub(RailsServer.start(options.host(), options.port(), app, faults), events);
    }

    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
        events.close();
    }

    /** Returns 0 as soon as the stub listens; it runs on in its own threads. */
    private static int run(List<String> arguments, PrintStream out, PrintStream err) {
        StubOptions options;
        try {
            options = StubOptions.parse(arguments, System.getenv());
        } catch (IllegalArgumentException e) {
            err.println("legacy stub: " + e.getMessage());
            return BAD_USAGE;
        }
        try {
            LegacyStub stub = start(options);
            Runtime.getRuntime().addShutdownHook(new Thread(stub::close, "stop"));
            out.println("legacy stub listening on " + options.host().getHostAddress() + ":" + stub.port());
            out.flush();
        } catch (FatalStartupException e) {
            err.println("legacy stub: port " + options.port() + " is taken on "
                    + options.host().getHostAddress() + "; choose another with --port");
            return FAILED;
        }
        if (options.exitWithParent()) {
            exitAtEndOf(System.in);
        }
        return 0;
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
