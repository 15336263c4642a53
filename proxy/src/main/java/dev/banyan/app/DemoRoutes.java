package dev.banyan.app;

import dev.banyan.cli.DemoOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The routing files that a demo runs on: those it was given, as they are, where the example listens on its usual ports; else a copy
 * with the addresses changed.
 */
final class DemoRoutes {
    private static final String RAILS = "http://127.0.0.1:3000";
    private static final String ACCOUNTS = "http://127.0.0.1:8081";
    private static final String TRANSACTIONS = "http://127.0.0.1:8082";

    private DemoRoutes() {}

    /** The directory to watch, and to edit. */
    static Path directory(DemoOptions options) throws IOException {
        String rails = options.rails()
                .map(uri -> uri.toString().replaceFirst("/$", ""))
                .orElse(Demo.origin(options.ports().rails()));
        String accounts = Demo.origin(options.ports().accounts());
        String transactions = Demo.origin(options.ports().transactions());
        if (rails.equals(RAILS) && accounts.equals(ACCOUNTS) && transactions.equals(TRANSACTIONS)) {
            return options.routes();
        }
        Path copy = Files.createDirectories(options.data().resolve("routes"));
        try (Stream<Path> files = Files.list(options.routes())) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".yaml")).toList()) {
                String text = Files.readString(file)
                        .replace(RAILS, rails)
                        .replace(ACCOUNTS, accounts)
                        .replace(TRANSACTIONS, transactions);
                Files.writeString(copy.resolve(file.getFileName()), text);
            }
        }
        return copy;
    }
}
