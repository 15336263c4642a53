package dev.banyan.app;

import dev.banyan.cli.ListenAddress;
import dev.banyan.cli.ServeOptions;
import dev.banyan.cli.Surroundings;
import dev.banyan.routing.file.Reading;
import dev.banyan.routing.file.RoutesDirectory;
import dev.banyan.routing.file.RoutesFiles;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code banyan serve --check}: whether it could start, without starting. */
final class ServeCheck {
    private final Surroundings surroundings;
    private final List<String> problems = new ArrayList<>();

    ServeCheck(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    int run(ServeOptions options) {
        port("--listen", options.listen());
        port("--admin-listen", options.adminListen());
        port("--health-listen", options.healthListen());
        data(options.data());
        routes(options.routes());
        problems.forEach(surroundings.out()::println);
        surroundings.out().println(problems.isEmpty() ? "it could start" : problems.size() + " problems");
        return problems.isEmpty() ? 0 : 1;
    }

    private void port(String flag, ListenAddress address) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address.host(), address.port()));
        } catch (IOException e) {
            problems.add(
                    flag + ": cannot listen on " + address + " (" + e.getMessage() + "); fix: choose another address");
        }
    }

    private void data(Path directory) {
        Path there = directory.toAbsolutePath();
        while (there != null && !Files.exists(there)) {
            there = there.getParent();
        }
        if (there == null || !Files.isDirectory(there) || !Files.isWritable(there)) {
            problems.add("--data: " + directory + " cannot be written; fix: choose a directory of the proxy's own");
        }
    }

    private void routes(Path directory) {
        RoutesDirectory.Contents contents = RoutesDirectory.read(directory);
        if (contents instanceof RoutesDirectory.NotListed notListed) {
            problems.add(notListed.problem().toString());
        } else if (contents instanceof RoutesDirectory.Listed listed) {
            listed.unreadable().values().forEach(list -> list.forEach(problem -> problems.add(problem.toString())));
            if (RoutesFiles.read(listed.files()) instanceof Reading.Broken broken) {
                broken.problems().forEach(problem -> problems.add(problem.toString()));
            }
        }
    }
}
