package dev.banyan.legacystub;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * How the stub is started.
 *
 * @param host the address to listen on: the loopback one, unless clients are on other machines
 * @param port 0 for any that is free
 * @param secretKeyBase what Rails derives the key of its session cookies from
 * @param exitWithParent whether to end when standard input does
 */
public record StubOptions(InetAddress host, int port, String secretKeyBase, boolean exitWithParent) {

    /** For the demo only: it is public, so whoever reads this can forge a session. */
    public static final String DEMO_SECRET_KEY_BASE =
            "not-a-secret-for-the-money-app-demo-only-0123456789abcdef0123456789abcdef0123456789abcdef";

    static final int DEFAULT_PORT = 3000;

    /** For tests: any free port, the demo's secret. */
    public static StubOptions onFreePort() {
        return new StubOptions(InetAddress.getLoopbackAddress(), 0, DEMO_SECRET_KEY_BASE, false);
    }

    /** A flag beats the environment. What is wrong is told by {@link IllegalArgumentException}. */
    static StubOptions parse(List<String> arguments, Map<String, String> environment) {
        InetAddress host = InetAddress.getLoopbackAddress();
        int port = port("PORT", environment.getOrDefault("PORT", String.valueOf(DEFAULT_PORT)));
        String secretKeyBase = environment.getOrDefault("SECRET_KEY_BASE", DEMO_SECRET_KEY_BASE);
        boolean exitWithParent = false;
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String flag = rest.next();
            switch (flag) {
                case "--host" -> host = host(flag, value(flag, rest));
                case "--port" -> port = port(flag, value(flag, rest));
                case "--secret-key-base" -> secretKeyBase = value(flag, rest);
                case "--exit-with-parent" -> exitWithParent = true;
                default ->
                    throw new IllegalArgumentException(
                            flag + ": unknown (expected: --host, --port, --secret-key-base or --exit-with-parent)");
            }
        }
        if (secretKeyBase.isBlank()) {
            throw new IllegalArgumentException("--secret-key-base: empty (expected: the text of SECRET_KEY_BASE)");
        }
        return new StubOptions(host, port, secretKeyBase, exitWithParent);
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
}
