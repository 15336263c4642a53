package dev.banyan.stores.file;

import dev.banyan.controlplane.revisions.SquadFiles;
import dev.banyan.routing.file.RoutesDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedMap;

/** A directory of routing files. */
public record WatchedDirectory(Path path) implements SquadFiles {

    @Override
    public RoutesDirectory.Contents read(SortedMap<String, String> inForce) {
        return RoutesDirectory.read(path, inForce);
    }

    @Override
    public AutoCloseable watch(Runnable wake) throws IOException {
        return DirectoryWatch.start(path, wake);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
