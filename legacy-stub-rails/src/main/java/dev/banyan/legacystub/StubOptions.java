package dev.banyan.legacystub;

import dev.banyan.money.process.Flags;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * How the stub is started.
 *
 * @param host the address to listen on: the loopback one, unless clients are on other machines
 * @param port 0 for any that is free
 * @param secretKeyBase what Rails derives the key of its session cookies from
 * @param handWritesTo the services that are handed what is written, in the demo; on loopback only
 * @param exitWithParent whether to end when standard input does
 */
public record StubOptions(
        InetAddress host, int port, String secretKeyBase, List<URI> handWritesTo, boolean exitWithParent) {

    public StubOptions {
        handWritesTo = List.copyOf(handWritesTo);
    }

    /** For the demo only: it is public, so whoever reads this can forge a session. */
    public static final String DEMO_SECRET_KEY_BASE =
            "not-a-secret-for-the-money-app-demo-only-0123456789abcdef0123456789abcdef0123456789abcdef";

    static final int DEFAULT_PORT = 3000;

    /** For tests: any free port, the demo's secret. */
    public static StubOptions onFreePort() {
        return new StubOptions(InetAddress.getLoopbackAddress(), 0, DEMO_SECRET_KEY_BASE, List.of(), false);
    }

    /** The same, handing what is written to these services. */
    public StubOptions handingWritesTo(URI... services) {
        return new StubOptions(host, port, secretKeyBase, List.of(services), exitWithParent);
    }

    /** A flag beats the environment. What is wrong is told by {@link IllegalArgumentException}. */
    static StubOptions parse(List<String> arguments, Map<String, String> environment) {
        InetAddress host = InetAddress.getLoopbackAddress();
        int port = Flags.port("PORT", environment.getOrDefault("PORT", String.valueOf(DEFAULT_PORT)));
        String secretKeyBase = environment.getOrDefault("SECRET_KEY_BASE", DEMO_SECRET_KEY_BASE);
        List<URI> handWritesTo = new ArrayList<>();
        boolean exitWithParent = false;
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String flag = rest.next();
            switch (flag) {
                case "--host" -> host = Flags.host(flag, Flags.value(flag, rest));
                case "--port" -> port = Flags.port(flag, Flags.value(flag, rest));
                case "--secret-key-base" -> secretKeyBase = Flags.value(flag, rest);
                case "--hand-writes-to" -> handWritesTo.add(Flags.loopbackOrigin(flag, Flags.value(flag, rest)));
                case "--exit-with-parent" -> exitWithParent = true;
                default ->
                    throw new IllegalArgumentException(
                            flag
                                    + ": unknown (expected: --host, --port, --secret-key-base, --hand-writes-to or --exit-with-parent)");
            }
        }
        if (secretKeyBase.isBlank()) {
            throw new IllegalArgumentException("--secret-key-base: empty (expected: the text of SECRET_KEY_BASE)");
        }
        return new StubOptions(host, port, secretKeyBase, handWritesTo, exitWithParent);
    }
}
