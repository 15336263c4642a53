package dev.banyan.cli;

import dev.banyan.settings.TableSource;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "demo",
        description = {
            "Runs the whole example on this machine.",
            "Nothing else need be installed: it is a stub of the Rails monolith, the two services extracted from it,",
            "the proxy, and sample traffic. Prints the addresses; Ctrl-C stops all."
        },
        footerHeading = "%n",
        footer = {"Examples:", "  banyan demo --port 8088 --no-traffic", "  banyan demo --bug wrong-rounding"})
final class DemoCommand implements Callable<Integer> {
    private final Server<DemoOptions> demo;
    private final Path exampleRoutes;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "./data",
            description = "Revisions, tokens, keys and the audit log (default: ./data).")
    private Path data;

    @Option(
            names = "--routes",
            paramLabel = "DIR",
            description = "The directory with the routing table's files (default: the example's).")
    private @Nullable Path routes;

    @Option(
            names = "--source",
            paramLabel = "files|api",
            defaultValue = "files",
            description = "What the table's base is: the watched directory, or the admin API (default: files).")
    private TableSource source;

    @Option(names = "--no-traffic", description = "Send no sample traffic.")
    private boolean noTraffic;

    @Option(
            names = "--bug",
            paramLabel = "NAME",
            description = {
                "Something that a new service gets wrong, such as wrong-rounding; may be given several times.",
                "curl http://127.0.0.1:8082/_bugs, and :8081, list them."
            })
    private List<String> bugs = List.of();

    @Option(
            names = "--rails",
            paramLabel = "URL",
            description = "A monolith that runs already, such as http://127.0.0.1:3000, instead of the stub.")
    private @Nullable URI rails;

    @Option(names = "--port", paramLabel = "PORT", defaultValue = "8080", description = "The proxy (default: 8080).")
    private int port;

    @Option(
            names = "--health-port",
            paramLabel = "PORT",
            defaultValue = "9901",
            description = "Health and metrics (default: 9901).")
    private int healthPort;

    @Option(
            names = "--admin-port",
            paramLabel = "PORT",
            defaultValue = "9900",
            description = "The admin API and the dashboard (default: 9900).")
    private int adminPort;

    @Option(
            names = "--rails-port",
            paramLabel = "PORT",
            defaultValue = "3000",
            description = "The stub of the Rails monolith (default: 3000).")
    private int railsPort;

    @Option(
            names = "--accounts-port",
            paramLabel = "PORT",
            defaultValue = "8081",
            description = "The accounts service (default: 8081).")
    private int accountsPort;

    @Option(
            names = "--transactions-port",
            paramLabel = "PORT",
            defaultValue = "8082",
            description = "The transactions service (default: 8082).")
    private int transactionsPort;

    /**
     * @param exampleRoutes the example's routing table
     */
    DemoCommand(Server<DemoOptions> demo, Path exampleRoutes) {
        this.demo = demo;
        this.exampleRoutes = exampleRoutes;
    }

    @Override
    public Integer call() throws Exception {
        checkPorts();
        checkRails();
        return demo.run(new DemoOptions(
                data,
                routes == null ? exampleRoutes : routes,
                source,
                !noTraffic,
                bugs,
                Optional.ofNullable(rails),
                new DemoOptions.Ports(port, healthPort, adminPort, railsPort, accountsPort, transactionsPort)));
    }

    private void checkPorts() {
        Map<Integer, String> taken = new TreeMap<>();
        for (String flag : new String[] {
            "--port", "--health-port", "--admin-port", "--rails-port", "--accounts-port", "--transactions-port"
        }) {
            int value = spec.findOption(flag).getValue();
            if (value < 0 || value > 65_535) {
                throw new ParameterException(spec.commandLine(), flag + ": " + value + " (expected: 0..65535)");
            }
            String other = value == 0 ? null : taken.put(value, flag);
            if (other != null) {
                throw new ParameterException(
                        spec.commandLine(), other + " and " + flag + " are both " + value + " (expected: two ports)");
            }
        }
    }

    private void checkRails() {
        if (rails != null && (rails.getHost() == null || !"http".equals(rails.getScheme()))) {
            throw new ParameterException(
                    spec.commandLine(), "--rails: '" + rails + "' is not an address (expected: http://HOST:PORT)");
        }
    }
}
