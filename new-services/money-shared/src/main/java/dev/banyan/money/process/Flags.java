package dev.banyan.money.process;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Iterator;

/** The values of flags and of the environment's variables. What is wrong with one is told by {@link IllegalArgumentException}. */
public final class Flags {
    private Flags() {}

    /** What follows a flag. */
    public static String value(String flag, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException(flag + ": without a value");
        }
        return rest.next();
    }

    /** An address of this machine. */
    public static InetAddress host(String name, String text) {
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

    /** A server on this machine, by plain HTTP: {@code http://127.0.0.1:8081}. */
    public static URI loopbackOrigin(String name, String text) {
        try {
            URI origin = new URI(text);
            if ("http".equals(origin.getScheme())
                    && origin.getHost() != null
                    && origin.getPort() > 0
                    && origin.getPath().isEmpty()
                    && InetAddress.getByName(origin.getHost()).isLoopbackAddress()) {
                return origin;
            }
        } catch (URISyntaxException | UnknownHostException e) {
            // Told below, together with addresses elsewhere.
        }
        throw new IllegalArgumentException(
                name + ": " + text + " (expected: an address such as http://127.0.0.1:8081)");
    }

    /** 0 is any free one. */
    public static int port(String name, String text) {
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

    public static Path directory(String name, String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(name + ": " + text + " (expected: a directory)", e);
        }
    }
}
