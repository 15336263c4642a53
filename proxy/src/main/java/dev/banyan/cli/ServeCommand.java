package dev.banyan.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "serve",
        description = "Runs the proxy until it gets SIGTERM or SIGINT.",
        footerHeading = "%n",
        footer = {
            "Every setting is also an environment variable: --admin-listen is $BANYAN_ADMIN_LISTEN. A flag beats it.",
            "",
            "Example:",
            "  banyan serve --listen 0.0.0.0:8080 --routes /etc/banyan/routes --data /var/lib/banyan"
        })
final class ServeCommand implements Callable<Integer> {
    private final Server<ServeOptions> proxy;

    @Spec
    private CommandSpec spec;

    @Option(names = "--config", paramLabel = "FILE", description = "Not in force yet: settings from a file.")
    private @Nullable Path config;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "0.0.0.0:8080",
            description = "Where clients connect (default: 0.0.0.0:8080).")
    private ListenAddress listen;

    @Option(
            names = "--admin-listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:9900",
            description = "The admin API and the dashboard (default: 127.0.0.1:9900).")
    private ListenAddress adminListen;

    @Option(
            names = "--health-listen",
            paramLabel = "HOST:PORT",
            defaultValue = "0.0.0.0:9901",
            description = "/livez, /readyz and /metrics, open to everybody (default: 0.0.0.0:9901).")
    private ListenAddress healthListen;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "./data",
            description = "Revisions, tokens, keys and the audit log (default: ./data).")
    private Path data;

    @Option(
            names = "--routes",
            paramLabel = "DIR",
            defaultValue = "./routes",
            description = "The directory with the routing table's files (default: ./routes).")
    private Path routes;

    @Option(
            names = "--source",
            paramLabel = "files|api",
            defaultValue = "files",
            description = "What the table's base is: the watched directory, or the admin API (default: files).")
    private TableSource source;

    @Option(names = "--check", description = "Say whether it could start with these settings, and end.")
    private boolean check;

    @Option(
            names = "--debug-headers",
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "false",
            paramLabel = "true|false",
            description = "Answers carry X-Banyan-Side, -Route, -Revision and -Reason.")
    private boolean debugHeaders;

    ServeCommand(Server<ServeOptions> proxy) {
        this.proxy = proxy;
    }

    @Override
    public Integer call() throws Exception {
        if (config != null) {
            // Refused rather than ignored: a proxy that runs with other settings than its operator wrote is worse than
            // none.
            throw new ParameterException(
                    spec.commandLine(), "--config is not in force yet (use flags or BANYAN_... variables)");
        }
        return proxy.run(
                new ServeOptions(listen, adminListen, healthListen, data, routes, source, check, debugHeaders));
    }
}
