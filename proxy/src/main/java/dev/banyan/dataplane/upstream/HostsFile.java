package dev.banyan.dataplane.upstream;

import dev.banyan.dataplane.tls.FileWatch;
import io.netty.resolver.HostsFileEntriesProvider;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The names that the machine itself knows, as its hosts file has them now. Netty reads it once, or on an event loop, which must not wait
 * for a disk: here who watches files does.
 */
public final class HostsFile implements FileWatch.Watched {
    /** Where it is on what the proxy runs on. */
    public static final Path SYSTEM = Path.of("/etc/hosts");

    private static final Logger LOG = LoggerFactory.getLogger(HostsFile.class);

    private final Path file;
    private String text = "";

    // Read by loops for each new connection to a name, written when the file changes: volatile, so that readers take no
    // lock.
    private volatile Entries entries = new Entries(Map.of(), Map.of());

    private record Entries(Map<String, List<InetAddress>> ipv4, Map<String, List<InetAddress>> ipv6) {}

    /** Reads it; one that is not there knows no name. */
    public HostsFile(Path file) {
        this.file = file;
        look();
    }

    /** None: the file does not have the name. */
    List<InetAddress> addresses(String name) {
        Entries now = entries;
        String lower = name.toLowerCase(Locale.ROOT);
        List<InetAddress> all = new ArrayList<>(now.ipv4().getOrDefault(lower, List.of()));
        all.addAll(now.ipv6().getOrDefault(lower, List.of()));
        return all;
    }

    @Override
    public void look() {
        String read;
        try {
            read = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            read = "";
        } catch (IOException e) {
            LOG.debug("kept what the hosts file had file={}", file, e);
            return;
        }
        if (!read.equals(text)) {
            take(read);
        }
    }

    private void take(String read) {
        try {
            HostsFileEntriesProvider parsed = HostsFileEntriesProvider.parser().parse(new StringReader(read));
            entries = new Entries(parsed.ipv4Entries(), parsed.ipv6Entries());
            text = read;
        } catch (IOException e) {
            throw new IllegalStateException("a text in memory cannot be read", e);
        }
    }
}
