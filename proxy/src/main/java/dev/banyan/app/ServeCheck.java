package dev.banyan.app;

import dev.banyan.cli.ExitCode;
import dev.banyan.cli.Surroundings;
import dev.banyan.pem.PemCheck;
import dev.banyan.routing.file.Reading;
import dev.banyan.routing.file.RoutesDirectory;
import dev.banyan.routing.file.RoutesFiles;
import dev.banyan.settings.AccessLogTarget;
import dev.banyan.settings.Key;
import dev.banyan.settings.ListenAddress;
import dev.banyan.settings.Setting;
import dev.banyan.settings.SettingKeys;
import dev.banyan.settings.Settings;
import dev.banyan.settings.Switch;
import dev.banyan.yaml.Problem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code banyan serve --check}: whether it could start, without starting. Everything at once, also what one mistake would hide. */
final class ServeCheck {
    private final Surroundings surroundings;
    private final List<Problem> problems = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();

    ServeCheck(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /**
     * Prints what is wrong.
     *
     * @param settings those that can be used
     * @param wrong what is told of the others
     */
    int run(Settings settings, List<Problem> wrong, List<Problem> doubtful) {
        problems.addAll(wrong);
        warnings.addAll(doubtful);
        boolean takeOver =
                settings.find(SettingKeys.TAKE_OVER).filter(Setting::value).isPresent();
        if (!takeOver) {
            ports(settings);
        }
        if (wrong.isEmpty()) {
            admin(settings);
        }
        settings.find(SettingKeys.DATA).ifPresent(this::data);
        settings.find(SettingKeys.LOG_ACCESS).ifPresent(this::accessLog);
        settings.find(SettingKeys.PROBE_AS).flatMap(Setting::value).ifPresent(this::testUser);
        PemCheck pem = new PemCheck(surroundings.clock().instant());
        settings.find(SettingKeys.TLS_CERTIFICATES)
                .ifPresent(setting -> setting.value().forEach(pair -> pem.pair(pair.certificate(), pair.key())));
        admins(settings, pem);
        settings.find(SettingKeys.ROUTES).ifPresent(setting -> routes(setting.value(), pem));
        pem.problems().forEach(problem -> problems.add(new Problem("", 1, 1, problem.what(), problem.fix())));
        warnings.forEach(warning -> surroundings.out().println("warning: " + warning));
        problems.forEach(surroundings.out()::println);
        surroundings.out().println(verdict(problems.size()));
        return problems.isEmpty() ? ExitCode.DONE : ExitCode.REFUSED;
    }

    private void testUser(Path file) {
        try {
            TestUser.read(file);
        } catch (TestUser.Unusable e) {
            problems.add(e.problem());
        } catch (IOException e) {
            problems.add(new Problem("", 1, 1, "parity.probe-as: " + file + " cannot be read: " + e.getMessage(), ""));
        }
    }

    private static String verdict(int problems) {
        return problems == 0 ? "it could start" : problems == 1 ? "1 problem" : problems + " problems";
    }

    /** Each is held until all have been tried: two of them may want the same. */
    private void ports(Settings settings) {
        Deque<ServerSocket> held = new ArrayDeque<>();
        List<Key<ListenAddress>> wanted = new ArrayList<>(List.of(SettingKeys.ADMIN_LISTEN, SettingKeys.HEALTH_LISTEN));
        if (settings.find(SettingKeys.TLS_ONLY)
                .filter(setting -> setting.value() == Switch.ON)
                .isEmpty()) {
            wanted.add(0, SettingKeys.LISTEN);
        }
        if (settings.find(SettingKeys.TLS_CERTIFICATES)
                .filter(setting -> !setting.value().isEmpty())
                .isPresent()) {
            wanted.add(0, SettingKeys.TLS_LISTEN);
        }
        for (Key<ListenAddress> key : wanted) {
            settings.find(key).ifPresent(setting -> port(setting, held));
        }
        held.forEach(ServeCheck::close);
    }

    private void port(Setting<ListenAddress> setting, Deque<ServerSocket> held) {
        try {
            ServerSocket socket = new ServerSocket();
            held.push(socket);
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(
                    setting.value().host(), setting.value().port()));
        } catch (IOException e) {
            problems.add(setting.problem(
                    "cannot listen on " + setting.value() + " (" + e.getMessage() + ")",
                    "choose another address, or stop what listens there"));
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Only asked where every value is known. */
    private void admin(Settings settings) {
        try {
            if (ServeSettings.admin(settings).exposesTokens()) {
                problems.add(settings.setting(SettingKeys.ADMIN_LISTEN)
                        .problem(
                                "not a loopback address, and tokens would cross the network in plain text",
                                "listen on 127.0.0.1, or set admin.insecure to true"));
            }
        } catch (UnknownHostException e) {
            // The attempt to listen there has told already.
            return;
        }
    }

    private void data(Setting<Path> setting) {
        if (!canBeWrittenTo(setting.value())) {
            problems.add(
                    setting.problem(setting.value() + " cannot be written", "choose a directory of the proxy's own"));
        }
    }

    /** A directory that is there, or could be made. */
    private static boolean canBeWrittenTo(Path directory) {
        @Nullable Path there = directory.toAbsolutePath();
        while (there != null && !Files.exists(there)) {
            there = there.getParent();
        }
        return there != null && Files.isDirectory(there) && Files.isWritable(there);
    }

    private void accessLog(Setting<AccessLogTarget> setting) {
        if (!(setting.value() instanceof AccessLogTarget.ToFile file)) {
            return;
        }
        @Nullable Path directory = file.path().toAbsolutePath().getParent();
        boolean writable = Files.exists(file.path())
                ? !Files.isDirectory(file.path()) && Files.isWritable(file.path())
                : directory != null && Files.isDirectory(directory) && Files.isWritable(directory);
        if (!writable) {
            problems.add(setting.problem(
                    file + " cannot be written",
                    "name a file in a directory that is there and that this process may write to"));
        }
    }

    private static void admins(Settings settings, PemCheck pem) {
        Optional<Path> certificate =
                settings.find(SettingKeys.ADMIN_CERTIFICATE).flatMap(Setting::value);
        Optional<Path> key = settings.find(SettingKeys.ADMIN_CERTIFICATE_KEY).flatMap(Setting::value);
        if (certificate.isPresent() && key.isPresent()) {
            pem.pair(certificate.get(), key.get());
        }
    }

    private void routes(Path directory, PemCheck pem) {
        RoutesDirectory.Contents contents = RoutesDirectory.read(directory);
        if (contents instanceof RoutesDirectory.NotListed notListed) {
            problems.add(notListed.problem());
        } else if (contents instanceof RoutesDirectory.Listed listed) {
            listed.unreadable().values().forEach(problems::addAll);
            Reading reading = RoutesFiles.read(listed.files());
            if (reading instanceof Reading.Broken broken) {
                problems.addAll(broken.problems());
                warnings.addAll(broken.warnings());
            } else if (reading instanceof Reading.Read read) {
                warnings.addAll(read.warnings());
                read.table().authorities().forEach(pem::authorities);
            }
        }
    }
}
