package dev.banyan.rails;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Real Rails on real puma, one of each app for all test classes of a run. A class that is extended with it is skipped where the two are not
 * installed, or fails if {@code BANYAN_REQUIRE_SERVERS=1}.
 */
public final class RailsServer implements BeforeAllCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(RailsServer.class);

    private final String app;

    /** The oracle for how a request is read. */
    public RailsServer() {
        this("/rails/config.ru");
    }

    private RailsServer(String app) {
        this.app = app;
    }

    /** The shop, with pages and JSON as any app makes them. */
    static RailsServer shop() {
        return new RailsServer("/rails/shop/config.ru");
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (!isInstalled()) {
            String missing = "rails and puma are not installed: apt-get install ruby-rails puma";
            if ("1".equals(System.getenv("BANYAN_REQUIRE_SERVERS"))) {
                Assertions.fail(missing);
            }
            Assumptions.abort(missing);
        }
        running(context);
    }

    public static boolean isInstalled() {
        return isProgram("puma") && isProgram("rails");
    }

    private static boolean isProgram(String name) {
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
        return Stream.of(path.split(File.pathSeparator, -1))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
    }

    private Running running(ExtensionContext context) {
        Store store = context.getRoot().getStore(NAMESPACE);
        return Objects.requireNonNull(store.getOrComputeIfAbsent(app, Running::start, Running.class));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Running.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return running(context);
    }

    /** The process. It ends with the run of the tests, or when this JVM does: it reads from us until then. */
    public static final class Running implements AutoCloseable {
        private static final Duration PATIENCE = Duration.ofMinutes(2);
        private static final String LISTENING = "* Listening on http://127.0.0.1:";

        private final Process process;
        private final int port;

        private Running(Process process, int port) {
            this.process = process;
            this.port = port;
        }

        static Running start(String app) {
            try {
                Process process = new ProcessBuilder(
                                "puma",
                                "-e",
                                "production",
                                "-t",
                                "4:4",
                                "-b",
                                "tcp://127.0.0.1:0",
                                "-C",
                                "-",
                                file(app))
                        .redirectErrorStream(true)
                        .start();
                return new Running(process, awaitPort(process));
            } catch (IOException e) {
                throw new IllegalStateException("puma did not start", e);
            }
        }

        private static String file(String app) {
            try {
                URL config = Objects.requireNonNull(RailsServer.class.getResource(app));
                return Path.of(config.toURI()).toString();
            } catch (URISyntaxException e) {
                throw new IllegalStateException(e);
            }
        }

        private static int awaitPort(Process process) throws IOException {
            StringBuilder said = new StringBuilder();
            Instant deadline = Instant.now().plus(PATIENCE);
            BufferedReader out = process.inputReader();
            int port = 0;
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                said.append(line).append('\n');
                if (line.startsWith(LISTENING)) {
                    port = Integer.parseInt(line.substring(LISTENING.length()).strip());
                }
                if (line.startsWith("Use Ctrl-C") || Instant.now().isAfter(deadline)) {
                    break;
                }
            }
            if (port == 0) {
                process.destroyForcibly();
                throw new IOException("puma did not come up:\n" + said);
            }
            drain(out);
            return port;
        }

        /** Rack says what is wrong with each broken form; once nobody reads that, puma stands still. */
        private static void drain(BufferedReader out) {
            Thread drain = new Thread(
                    () -> {
                        try {
                            out.transferTo(Writer.nullWriter());
                        } catch (IOException e) {
                            // It ended, as it should.
                        }
                    },
                    "puma-output");
            drain.setDaemon(true);
            drain.start();
        }

        public int port() {
            return port;
        }

        public RailsConnection connect() {
            return new RailsConnection(port);
        }

        @Override
        public void close() {
            // It holds nothing that would want a farewell.
            process.destroyForcibly().onExit().join();
        }
    }
}
