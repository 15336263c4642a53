package dev.banyan.services.kit;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * How a service is started.
 *
 * @param host the address to listen on: the loopback one, unless clients are on other machines
 * @param port 0 for any that is free
 * @param dataDirectory where its store is; made if missing
 * @param exitWithParent whether to end when standard input does
 * @param drainDelay how long, once told to stop, it says so at /health before it refuses connections
 */
public record ServiceSettings(
        InetAddress host, int port, Path dataDirectory, boolean exitWithParent, Duration drainDelay) {

    private static final Duration DRAIN_DELAY = Duration.ofSeconds(1);

    /** For tests: any free port, and no wait at the end. */
    public static ServiceSettings onFreePort(Path dataDirectory) {
        return new ServiceSettings(InetAddress.getLoopbackAddress(), 0, dataDirectory, false, Duration.ZERO);
    }

    /** A flag beats the environment. What is wrong is told by {@link IllegalArgumentException}. */
    static ServiceSettings parse(
            String service, int defaultPort, List<String> arguments, Map<String, String> environment) {
        InetAddress host = InetAddress.getLoopbackAddress();
        int port = port("PORT", environment.getOrDefault("PORT", String.valueOf(defaultPort)));
        Path data = path("DATA_DIR", environment.getOrDefault("DATA_DIR", "data/" + service));
        boolean exitWithParent = false;
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String flag = rest.next();
            switch (flag) {
                case "--host" -> host = host(flag, value(flag, rest));
                case "--port" -> port = port(flag, value(flag, rest));
                case "--data" -> data = path(flag, value(flag, rest));
                case "--exit-with-parent" -> exitWithParent = true;
                default ->
                    throw new IllegalArgumentException(
                            flag + ": unknown (expected: --host, --port, --data or --exit-with-parent)");
            }
        }
        return new ServiceSettings(host, port, data, exitWithParent, DRAIN_DELAY);
    }

    private static String value(String flag, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException(flag + ": without a value");
        }
        return rest.next();
    }

    private static InetAddress host(String name, String text) {
        try {
            InetAddress host = InetAddress.getByName(text);
            if (host.isAnyLocalAddress() || NetworkInterface.getByInetAddress(host) != null) {
                return host;
            }
        } catch (UnknownHostException | SocketException e) {
            // Told below, together with other machines' addresses.
        }
        throw new IllegalArgumentException(name + ": " + text + " (expected: an address of this machine)");
    }

    private static int port(String name, String text) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Told below, together with numbers out of range.
        }
        throw new IllegalArgumentException(name + ": " + text + " (expected: 0 to 65535)");
    }

    private static Path path(String name, String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(name + ": " + text + " (expected: a directory)", e);
        }
    }
}
