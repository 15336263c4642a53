package dev.banyan.controlplane.revisions;

import dev.banyan.routing.file.RoutesDirectory;
import dev.banyan.yaml.Problem;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the source files stand: as last seen on disk, and which of them are held back or wait. Written by the writer thread only. */
final class SourceFiles {
    private static final Logger LOG = LoggerFactory.getLogger(SourceFiles.class);

    /** Null until a directory was read. */
    private RoutesDirectory.@Nullable Listed onDisk;

    private Set<String> told = new HashSet<>();
    private volatile FilesStatus status = FilesStatus.AS_ON_DISK;

    FilesStatus status() {
        return status;
    }

    void seen(RoutesDirectory.Listed listed) {
        onDisk = listed;
    }

    /** As last seen; empty: no directory was read yet. */
    Optional<RoutesDirectory.Listed> onDisk() {
        return Optional.ofNullable(onDisk);
    }

    void show(Step.Files files) {
        Set<String> now = new HashSet<>();
        files.heldBack().forEach((file, problems) -> {
            now.add(line(file, problems));
            // Once for each content of a file: it is judged again with every change, and a log that repeats itself is
            // not read.
            if (!told.contains(line(file, problems))) {
                LOG.warn(
                        "held back a routing file, its last good content stays in force: file={} problems={}",
                        file,
                        problems);
            }
        });
        told = now;
        status = new FilesStatus(
                files.heldBack().entrySet().stream()
                        .map(entry -> new FilesStatus.HeldBack(
                                entry.getKey(),
                                entry.getValue().stream().map(Problem::toString).toList()))
                        .toList(),
                files.waiting().stream().sorted().toList(),
                status.notTaken());
    }

    /** @param why empty: what the directory says is taken again */
    void notTaken(Optional<String> why) {
        status = new FilesStatus(status.heldBack(), status.waiting(), why);
    }

    private String line(String file, List<Problem> problems) {
        return file + '\0' + (onDisk == null ? null : onDisk.files().get(file)) + '\0' + problems;
    }
}
