package dev.banyan.controlplane.revisions;

import dev.banyan.routing.BaseTable;
import dev.banyan.routing.file.Acceptance;
import dev.banyan.routing.file.FileReadings;
import dev.banyan.routing.file.LastGood;
import dev.banyan.routing.file.Reading;
import dev.banyan.routing.file.RoutesDirectory;
import dev.banyan.routing.file.RoutesFiles;
import dev.banyan.routing.file.TransitionCheck;
import dev.banyan.yaml.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which of the files on disk are taken over what is in force. */
final class FilesIntake {
    private FilesIntake() {}

    /** Every file that stands with the others; one squad's mistake holds back its own file and nobody else's. */
    static Acceptance whatIsGood(
            Content present, RoutesDirectory.Listed listed, Stranding stranding, FileReadings readings) {
        return decide(present, listed, new FileRules(present, stranding)::problemsOf, readings);
    }

    /** The same for a table that is pinned: what the files may not do to it is asked when it is unpinned, as a whole. */
    static Acceptance whatIsGoodToUnpin(
            Content present, RoutesDirectory.Listed listed, Stranding stranding, FileReadings readings) {
        return decide(present, listed, new FileRules(present, stranding)::ownerProblems, readings);
    }

    private static Acceptance decide(
            Content present, RoutesDirectory.Listed listed, TransitionCheck check, FileReadings readings) {
        if (listed.files().isEmpty() && listed.unreadable().isEmpty()) {
            // A volume that is not mounted looks like that. Nobody means to take every route away by deleting files one
            // by one.
            SortedMap<String, List<Problem>> heldBack = new TreeMap<>();
            present.files()
                    .keySet()
                    .forEach(file -> heldBack.put(
                            file,
                            List.of(new Problem(
                                    file,
                                    1,
                                    1,
                                    "all routing files are gone",
                                    "put them back, or look at the volume"))));
            return new Acceptance(present.files(), heldBack, read(present.files()));
        }
        return LastGood.decide(present.files(), listed.files(), listed.unreadable(), check, readings);
    }

    /** All together or none: for a first start, where what is missing would be sent to the wrong side, and for {@code apply}. */
    static Acceptance whole(Content present, RoutesDirectory.Listed listed, Stranding stranding) {
        SortedMap<String, List<Problem>> heldBack = new TreeMap<>(listed.unreadable());
        Reading reading = RoutesFiles.read(listed.files());
        List<Problem> problems = reading instanceof Reading.Broken broken
                ? broken.problems()
                : new FileRules(present, stranding).problemsOf((Reading.Read) reading);
        for (Problem problem : problems) {
            List<Problem> ofFile = new ArrayList<>(heldBack.getOrDefault(problem.file(), List.of()));
            ofFile.add(problem);
            heldBack.put(problem.file(), ofFile);
        }
        return heldBack.isEmpty()
                ? new Acceptance(
                        listed.files(),
                        heldBack,
                        reading instanceof Reading.Read read ? Optional.of(read) : Optional.empty())
                : new Acceptance(present.files(), heldBack, Optional.empty());
    }

    /** What was accepted becomes the base, under the flags that are there. */
    static Step step(Acceptance accepted, Content present) {
        return content(accepted, present).map(Step::next).orElseGet(() -> invalid(accepted));
    }

    /** Unpinned; empty: the files say no table. */
    static Optional<Content> content(Acceptance accepted, Content present) {
        return accepted.read().map(read -> {
            BaseTable base = read.table();
            return new Content(
                    present.table().next(0, base, FileRules.flagsOver(base, present)),
                    Optional.empty(),
                    accepted.lastGood());
        });
    }

    static Step invalid(Acceptance accepted) {
        return Step.no(
                Outcome.Why.INVALID,
                accepted.heldBack().values().stream()
                        .flatMap(problems -> problems.stream().map(Object::toString))
                        .collect(Collectors.joining("\n")),
                "correct the files; banyan validate finds the same problems");
    }

    private static Optional<Reading.Read> read(SortedMap<String, String> files) {
        return RoutesFiles.read(files) instanceof Reading.Read read ? Optional.of(read) : Optional.empty();
    }

    /** Names of files that came, went, or have another text. */
    static NavigableSet<String> changed(SortedMap<String, String> before, SortedMap<String, String> after) {
        NavigableSet<String> changed = new TreeSet<>();
        after.forEach((name, text) -> {
            if (!text.equals(before.get(name))) {
                changed.add(name);
            }
        });
        before.keySet().stream().filter(name -> !after.containsKey(name)).forEach(changed::add);
        return changed;
    }
}
