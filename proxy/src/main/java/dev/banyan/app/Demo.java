package dev.banyan.app;

import dev.banyan.cli.DemoOptions;
import dev.banyan.cli.Server;
import dev.banyan.cli.Surroundings;
import dev.banyan.output.LogFiles;
import dev.banyan.settings.SettingKeys;
import dev.banyan.settings.SettingSources;
import dev.banyan.settings.Settings;
import dev.banyan.settings.TableSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code banyan demo}: the main job on one machine. The monolith's stub and both services run as children, the proxy in here. */
final class Demo implements Server<DemoOptions> {
    private static final Duration DRAIN = Duration.ofSeconds(2);

    /** For all else, the children among it. */
    private static final Duration CLOSING = Duration.ofSeconds(20);

    private static final String LOOPBACK = "127.0.0.1";

    private final Surroundings surroundings;

    Demo(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public int run(DemoOptions options) throws Exception {
        checkPorts(options);
        Path logs = Files.createDirectories(options.data().resolve("logs"));
        LogFiles logFiles = new LogFiles();
        ServerLog log = ServerLog.toFile(logFiles.open(logs.resolve("banyan.log")), surroundings.clock());
        Stopping stopping = new Stopping(DRAIN.plus(CLOSING), log::close);
        stopWithParent(stopping);
        Deque<AutoCloseable> parts = new ArrayDeque<>();
        try {
            startChildren(options, logs, parts);
            DemoBugs.turnOn(
                    options.bugs(),
                    List.of(options.ports().accounts(), options.ports().transactions()));
            Path routes = DemoRoutes.directory(options);
            BanyanProxy proxy =
                    BanyanProxy.start(settings(options, routes, logs, logFiles), surroundings.clock(), log::dropped);
            parts.push(proxy);
            parts.push(() -> proxy.drain(DRAIN));
            if (options.traffic()) {
                parts.push(new SampleTraffic(options.ports().proxy()));
            }
            tell(options, routes, proxy);
            stopping.await();
        } finally {
            surroundings.out().println("stopping ...");
            closeAll(parts);
            logFiles.close();
            log.close();
            stopping.done();
        }
        return 0;
    }

    private static void startChildren(DemoOptions options, Path logs, Deque<AutoCloseable> parts) throws IOException {
        DemoOptions.Ports ports = options.ports();
        List<ChildJvm> children = new ArrayList<>();
        children.add(started(service(options, logs, "accounts", "AccountsService", ports.accounts()), parts));
        children.add(
                started(service(options, logs, "transactions", "TransactionsService", ports.transactions()), parts));
        if (options.rails().isEmpty()) {
            children.add(started(stub(ports, logs), parts));
        }
        for (ChildJvm child : children) {
            child.awaitListening();
        }
    }

    /** It is ended with the demo, whatever becomes of the next. */
    private static ChildJvm started(ChildJvm child, Deque<AutoCloseable> parts) {
        parts.push(child);
        return child;
    }

    private static ChildJvm stub(DemoOptions.Ports ports, Path logs) throws IOException {
        return ChildJvm.start(
                "legacy-stub-rails",
                home().resolve("legacy-stub-rails"),
                "dev.banyan.legacystub.LegacyStub",
                logs.resolve("legacy-stub-rails.log"),
                List.of(
                        "--port",
                        Integer.toString(ports.rails()),
                        "--hand-writes-to",
                        origin(ports.accounts()),
                        "--hand-writes-to",
                        origin(ports.transactions())));
    }

    private static ChildJvm service(DemoOptions options, Path logs, String name, String mainClass, int port)
            throws IOException {
        return ChildJvm.start(
                name,
                home().resolve(name),
                "dev.banyan.services." + name + "." + mainClass,
                logs.resolve(name + ".log"),
                List.of(
                        "--port",
                        Integer.toString(port),
                        "--data",
                        options.data().resolve(name).toString(),
                        "--demo-bugs",
                        "--demo-writes"));
    }

    static String origin(int port) {
        return "http://" + LOOPBACK + ":" + port;
    }

    private static Path home() throws IOException {
        String home = System.getProperty("banyan.home");
        if (home == null) {
            throw new IOException(
                    "banyan.home: not set, so the stub and the services cannot be found; fix: run ./banyan demo");
        }
        return Path.of(home);
    }

    /** The same settings that {@code banyan serve} reads, so that /v1/settings shows what the demo chose. */
    private static ProxySettings settings(DemoOptions options, Path routes, Path logs, LogFiles logFiles)
            throws IOException {
        DemoOptions.Ports ports = options.ports();
        Map<String, String> chosen = Map.of(
                SettingKeys.LISTEN.flag(),
                LOOPBACK + ":" + ports.proxy(),
                SettingKeys.ADMIN_LISTEN.flag(),
                LOOPBACK + ":" + ports.admin(),
                SettingKeys.HEALTH_LISTEN.flag(),
                LOOPBACK + ":" + ports.health(),
                SettingKeys.DATA.flag(),
                options.data().toString(),
                SettingKeys.ROUTES.flag(),
                routes.toString(),
                SettingKeys.SOURCE.flag(),
                options.source().toString(),
                SettingKeys.DEBUG_HEADERS.flag(),
                "true",
                SettingKeys.PROBE_AS.flag(),
                testUser(options.data()).toString(),
                SettingKeys.LOG_ACCESS.flag(),
                logs.resolve("access.log").toString());
        Settings.Reading reading = Settings.read(new SettingSources(chosen, Map.of(), Optional.empty()));
        if (!reading.problems().isEmpty()) {
            throw new IllegalStateException("the demo's own settings: " + reading.problems());
        }
        return ServeSettings.of(reading.settings(), Optional.empty(), logFiles);
    }

    /** One of the 200, as whom the services are asked for what belongs to the others. */
    private static Path testUser(Path data) throws IOException {
        Path file = data.resolve("test-user");
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, "# As whom probes are made: parity.probe-as\nX-User-Id: 199\n");
    }

    /** Before anything starts: half a demo is worse than a sentence. */
    private static void checkPorts(DemoOptions options) throws IOException {
        DemoOptions.Ports ports = options.ports();
        List<String> taken = new ArrayList<>();
        check("the proxy", "--port", ports.proxy(), taken);
        check("health and metrics", "--health-port", ports.health(), taken);
        check("the admin API", "--admin-port", ports.admin(), taken);
        if (options.rails().isEmpty()) {
            check("the stub of the Rails monolith", "--rails-port", ports.rails(), taken);
        }
        check("accounts", "--accounts-port", ports.accounts(), taken);
        check("transactions", "--transactions-port", ports.transactions(), taken);
        if (!taken.isEmpty()) {
            throw new IOException(String.join("\n  ", taken));
        }
    }

    private static void check(String what, String flag, int port, List<String> taken) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            taken.add("port " + port + " for " + what + " is taken; fix: stop what listens there, or say " + flag
                    + " PORT");
        }
    }

    /** A terminal that is closed the hard way takes its demo with it. */
    private static void stopWithParent(Stopping stopping) {
        ProcessHandle.current()
                .parent()
                .filter(parent -> parent.pid() > 1)
                .ifPresent(parent -> parent.onExit().thenRun(stopping::stop));
    }

    private void tell(DemoOptions options, Path routes, BanyanProxy proxy) {
        PrintWriter out = surroundings.out();
        DemoOptions.Ports ports = options.ports();
        String monolith = options.rails().map(Object::toString).orElse("http://127.0.0.1:" + ports.rails());
        out.println("Banyan is up. Ctrl-C stops all of it.");
        out.println();
        out.println("  clients      http://127.0.0.1:" + ports.proxy() + "/api/transactions");
        out.println("  admin        http://127.0.0.1:" + proxy.adminPort() + "   token: "
                + options.data().resolve("admin.token"));
        out.println("  health       http://127.0.0.1:" + proxy.healthPort() + "/readyz   and /metrics");
        out.println("  monolith     " + monolith + (options.rails().isEmpty() ? "   (a stub of Rails)" : ""));
        out.println("  services     accounts http://127.0.0.1:" + ports.accounts() + ", transactions http://127.0.0.1:"
                + ports.transactions());
        out.println("  routes       " + routes + "   "
                + (options.source() == TableSource.FILES
                        ? "(edit and save: in force within 2 s)"
                        : "(the first table; ./banyan apply DIR changes it)"));
        out.println("  logs         " + options.data().resolve("logs"));
        out.println();
        out.println("Try, in another terminal:");
        out.println();
        String data = options.data().equals(Path.of("./data")) ? "" : " --data " + options.data();
        out.println("  ./banyan routes" + data);
        out.println("  ./banyan canary set transactions 50%" + data + " --reason \"parity looks good\"");
        out.println("  curl -X PUT http://127.0.0.1:" + ports.transactions()
                + "/_bugs/wrong-rounding   (one of 31 things that a new service gets wrong: curl http://127.0.0.1:"
                + ports.transactions() + "/_bugs)");
        out.println("  ./banyan parity transactions" + data + "   (what differs between the monolith and the service)");
        out.println(
                "  curl -si -H 'X-User-Id: 7' http://127.0.0.1:" + ports.proxy() + "/api/transactions | grep X-Banyan");
        out.flush();
    }

    private static void closeAll(Deque<AutoCloseable> parts) throws Exception {
        @Nullable Exception first = null;
        for (AutoCloseable part = parts.poll(); part != null; part = parts.poll()) {
            try {
                part.close();
            } catch (Exception e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
