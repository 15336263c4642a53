package dev.banyan.services.kit;

import dev.banyan.money.process.Flags;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a service is started.
 *
 * @param host the address to listen on: the loopback one, unless clients are on other machines
 * @param port 0 for any that is free
 * @param dataDirectory where its store is; made if missing
 * @param exitWithParent whether to end when standard input does
 * @param demoBugs whether it can be told to have bugs; on loopback only
 * @param demoWrites whether the monolith's stub may hand it what it writes; on loopback only
 * @param drainDelay how long, once told to stop, it says so at /health before it refuses connections
 */
public record ServiceSettings(
        InetAddress host,
        int port,
        Path dataDirectory,
        boolean exitWithParent,
        boolean demoBugs,
        boolean demoWrites,
        Duration drainDelay) {

    private static final String DEMO_BUGS = "--demo-bugs";
    private static final String DEMO_WRITES = "--demo-writes";
    private static final Duration DRAIN_DELAY = Duration.ofSeconds(1);

    /** For tests: any free port, and no wait at the end. */
    public static ServiceSettings onFreePort(Path dataDirectory) {
        return new ServiceSettings(
                InetAddress.getLoopbackAddress(), 0, dataDirectory, false, false, false, Duration.ZERO);
    }

    /** The same, with bugs and with what the stub hands over. */
    public ServiceSettings forDemo() {
        return new ServiceSettings(host, port, dataDirectory, exitWithParent, true, true, drainDelay);
    }

    /** A flag beats the environment. What is wrong is told by {@link IllegalArgumentException}. */
    static ServiceSettings parse(
            String service, int defaultPort, List<String> arguments, Map<String, String> environment) {
        InetAddress host = InetAddress.getLoopbackAddress();
        int port = Flags.port("PORT", environment.getOrDefault("PORT", String.valueOf(defaultPort)));
        Path data = Flags.directory("DATA_DIR", environment.getOrDefault("DATA_DIR", "data/" + service));
        boolean exitWithParent = false;
        Set<String> forDemo = new TreeSet<>();
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String flag = rest.next();
            switch (flag) {
                case "--host" -> host = Flags.host(flag, Flags.value(flag, rest));
                case "--port" -> port = Flags.port(flag, Flags.value(flag, rest));
                case "--data" -> data = Flags.directory(flag, Flags.value(flag, rest));
                case "--exit-with-parent" -> exitWithParent = true;
                case DEMO_BUGS, DEMO_WRITES -> forDemo.add(flag);
                default ->
                    throw new IllegalArgumentException(
                            flag
                                    + ": unknown (expected: --host, --port, --data, --exit-with-parent, --demo-bugs or --demo-writes)");
            }
        }
        if (!forDemo.isEmpty() && !host.isLoopbackAddress()) {
            throw new IllegalArgumentException(String.join(" and ", forDemo) + ": with --host " + host.getHostAddress()
                    + " (expected: a loopback address, such as 127.0.0.1)");
        }
        return new ServiceSettings(
                host,
                port,
                data,
                exitWithParent,
                forDemo.contains(DEMO_BUGS),
                forDemo.contains(DEMO_WRITES),
                DRAIN_DELAY);
    }
}
