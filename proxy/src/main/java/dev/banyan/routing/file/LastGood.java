package dev.banyan.routing.file;

import dev.banyan.yaml.Position;
import dev.banyan.yaml.Problem;
import dev.banyan.yaml.Stated;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes each changed file whole or not at all, so that one squad's mistake holds back nobody else.
 *
 * <p>Files with problems of their own are held back at once. The rest is tried together, and as long as it fails, the changed files that
 * the problems name, or that began or ceased to say what the problems are about, are held back. Then whatever was held back for too
 * little reason is let in again, file by file, together with those it cannot do without. A file that did not change is never held back.
 */
public final class LastGood {
    private final SortedMap<String, String> lastGood;
    private final SortedMap<String, String> present;
    private final Map<String, List<Problem>> unreadable;
    private final TransitionCheck check;
    private final FileReadings readings;
    private final Map<String, FileContent> before = new HashMap<>();
    private final Map<String, FileContent> now = new HashMap<>();
    private final SortedSet<String> changed = new TreeSet<>();

    // What was tried last is mostly asked for again.
    private Set<String> lastTried = Set.of();
    private @Nullable Trial lastTrial;

    private LastGood(
            SortedMap<String, String> lastGood,
            SortedMap<String, String> present,
            Map<String, List<Problem>> unreadable,
            TransitionCheck check,
            FileReadings readings) {
        this.lastGood = lastGood;
        this.present = present;
        this.unreadable = unreadable;
        this.check = check;
        this.readings = readings;
    }

    /**
     * Decides. A file of {@code lastGood} that is in neither other map was deleted.
     *
     * @param lastGood the text of each file as it is in force; empty if nothing is
     * @param present the text of each file as it is now
     * @param unreadable files that are there but give no text, and why
     * @param readings of last time; those of the files that are taken now are put in their place
     */
    public static Acceptance decide(
            SortedMap<String, String> lastGood,
            SortedMap<String, String> present,
            Map<String, List<Problem>> unreadable,
            TransitionCheck check,
            FileReadings readings) {
        return new LastGood(lastGood, present, unreadable, check, readings).decide();
    }

    /** One attempt: what came of taking some of the changed files. */
    private record Trial(List<Finding> findings, Optional<Reading.Read> read) {
        boolean holds() {
            return read.isPresent() && findings.isEmpty();
        }
    }

    private Acceptance decide() {
        before.putAll(readings.accepted(lastGood));
        present.forEach((file, text) -> now.put(file, sameAsBefore(file, text)));
        changed.addAll(unreadable.keySet());
        present.forEach((file, text) -> addIf(!Objects.equals(lastGood.get(file), text), file));
        lastGood.keySet().forEach(file -> addIf(!present.containsKey(file), file));

        SortedSet<String> candidates = new TreeSet<>(changed);
        candidates.removeIf(file -> !ownProblems(file).isEmpty());
        SortedSet<String> taken = new TreeSet<>(candidates);
        shrink(taken);
        grow(taken, candidates);
        return acceptance(taken);
    }

    private FileContent sameAsBefore(String file, String text) {
        FileContent known = before.get(file);
        return known != null && text.equals(lastGood.get(file)) ? known : FileReader.read(file, text);
    }

    private void addIf(boolean condition, String file) {
        if (condition) {
            changed.add(file);
        }
    }

    private List<Problem> ownProblems(String file) {
        List<Problem> cannotRead = unreadable.get(file);
        if (cannotRead != null) {
            return cannotRead;
        }
        FileContent content = now.get(file);
        return content == null ? List.of() : content.problems();
    }

    private void shrink(SortedSet<String> taken) {
        Trial trial = trial(taken);
        while (!trial.holds() && !taken.isEmpty()) {
            Set<String> blamed = blamed(trial.findings(), taken);
            if (blamed.isEmpty()) {
                taken.remove(mostHarmful(taken));
            } else {
                taken.removeAll(blamed);
            }
            trial = trial(taken);
        }
    }

    /** Where no problem names a changed file: the one without which the fewest problems are left. */
    private String mostHarmful(SortedSet<String> taken) {
        return taken.stream()
                .min(Comparator.comparingInt((String file) -> {
                            SortedSet<String> without = new TreeSet<>(taken);
                            without.remove(file);
                            return trial(without).findings().size();
                        })
                        .thenComparing(Comparator.reverseOrder()))
                .orElseThrow();
    }

    private void grow(SortedSet<String> taken, SortedSet<String> candidates) {
        boolean grown = true;
        while (grown) {
            grown = false;
            for (String file : candidates) {
                grown |= !taken.contains(file) && takeWithWhatItNeeds(file, taken, candidates);
            }
        }
    }

    /** Such as the file that a route moved away from, beside the one it moved to. */
    private boolean takeWithWhatItNeeds(String file, SortedSet<String> taken, SortedSet<String> candidates) {
        SortedSet<String> together = new TreeSet<>(taken);
        together.add(file);
        SortedSet<String> others = new TreeSet<>(candidates);
        others.removeAll(together);
        while (true) {
            Trial trial = trial(together);
            if (trial.holds()) {
                taken.addAll(together);
                return true;
            }
            Set<String> needed = blamed(trial.findings(), others);
            if (needed.isEmpty()) {
                return false;
            }
            for (String one : needed) {
                // Not all of them at once if one will do: the others may be what stands in its way.
                SortedSet<String> withOne = new TreeSet<>(together);
                withOne.add(one);
                if (trial(withOne).holds()) {
                    taken.addAll(withOne);
                    return true;
                }
            }
            together.addAll(needed);
            others.removeAll(needed);
        }
    }

    private Trial trial(Set<String> taken) {
        Trial known = lastTrial;
        if (known != null && lastTried.equals(taken)) {
            return known;
        }
        Trial made = merged(taken);
        lastTrial = made;
        lastTried = Set.copyOf(taken);
        return made;
    }

    private Trial merged(Set<String> taken) {
        List<FileContent> contents = new ArrayList<>();
        SortedSet<String> files = new TreeSet<>(before.keySet());
        files.addAll(now.keySet());
        for (String file : files) {
            FileContent content = inForce(file, taken);
            if (content != null) {
                contents.add(content);
            }
        }
        Merging.Merged merged = Merging.merge(contents);
        List<Finding> findings = new ArrayList<>(merged.findings());
        findings.addAll(strandedMoves(taken, contents));
        if (findings.isEmpty()) {
            merged.read()
                    .ifPresent(read -> check.problemsOf(read).forEach(problem -> findings.add(Finding.at(problem))));
        }
        return new Trial(findings, merged.read());
    }

    private @Nullable FileContent inForce(String file, Set<String> taken) {
        return changed.contains(file) && !taken.contains(file) ? before.get(file) : now.get(file);
    }

    /** Routes that would vanish because the file they left is taken, and the one they moved to is held back. */
    private List<Finding> strandedMoves(Set<String> taken, List<FileContent> contents) {
        Set<String> there = new TreeSet<>();
        contents.forEach(content -> there.addAll(routes(content)));
        List<Finding> findings = new ArrayList<>();
        for (String file : taken) {
            Set<String> gone = new TreeSet<>(routes(before.get(file)));
            gone.removeAll(there);
            for (String route : gone) {
                changed.stream()
                        .filter(other -> !taken.contains(other) && willDefine(other, route))
                        .findFirst()
                        .ifPresent(other -> findings.add(Finding.at(
                                new Problem(
                                        file,
                                        1,
                                        1,
                                        "route " + route + " went from here to " + other + ", which is held back",
                                        "mend " + other),
                                Merging.routeFact(route))));
            }
        }
        return findings;
    }

    private boolean willDefine(String file, String route) {
        FileContent content = now.get(file);
        if (content == null) {
            return false;
        }
        // A file that is no YAML at the moment has no routes, but its text may still show one.
        return routes(content).contains(route)
                || !content.whole()
                        && present.getOrDefault(file, "")
                                .lines()
                                .anyMatch(line -> line.strip().startsWith(route + ":"));
    }

    private static Set<String> routes(@Nullable FileContent content) {
        Set<String> ids = new TreeSet<>();
        if (content != null) {
            content.routes().forEach(route -> ids.add(route.route().id()));
        }
        return ids;
    }

    private Set<String> blamed(List<Finding> findings, Set<String> among) {
        Set<String> blamed = new TreeSet<>();
        for (String file : among) {
            if (findings.stream().anyMatch(finding -> concerns(finding, file))) {
                blamed.add(file);
            }
        }
        return blamed;
    }

    private boolean concerns(Finding finding, String file) {
        return finding.isAt(file)
                || finding.facts().stream()
                        .anyMatch(fact -> !said(before.get(file), fact).equals(said(now.get(file), fact)));
    }

    /** What a file says of a fact, so that two of its versions can be compared. */
    private static Optional<Object> said(@Nullable FileContent content, String fact) {
        if (content == null) {
            return Optional.empty();
        }
        if (fact.equals(Merging.DEFAULT_FACT)) {
            return content.defaultUpstream().map(Stated::value);
        }
        if (fact.equals(Merging.PATHS_FACT)) {
            return content.paths().map(Stated::value);
        }
        boolean there = content.upstreams().stream()
                        .anyMatch(upstream ->
                                Merging.upstreamFact(upstream.upstream().id()).equals(fact))
                || content.routes().stream()
                        .anyMatch(route -> Merging.routeFact(route.route().id()).equals(fact));
        return there ? Optional.of(true) : Optional.empty();
    }

    private Acceptance acceptance(SortedSet<String> taken) {
        SortedMap<String, String> texts = new TreeMap<>(lastGood);
        for (String file : taken) {
            String text = present.get(file);
            if (text == null) {
                texts.remove(file);
            } else {
                texts.put(file, text);
            }
        }
        SortedMap<String, List<Problem>> heldBack = new TreeMap<>();
        for (String file : changed) {
            if (!taken.contains(file)) {
                heldBack.put(file, whyHeldBack(file, taken));
            }
        }
        Trial last = trial(taken);
        Map<String, FileContent> contents = new HashMap<>();
        texts.keySet().forEach(file -> {
            FileContent content = inForce(file, taken);
            if (content != null) {
                contents.put(file, content);
            }
        });
        readings.keep(texts, contents);
        return new Acceptance(texts, heldBack, last.holds() ? last.read() : Optional.empty());
    }

    private List<Problem> whyHeldBack(String file, SortedSet<String> taken) {
        List<Problem> own = ownProblems(file);
        if (unreadable.containsKey(file)) {
            return own;
        }
        SortedSet<String> with = new TreeSet<>(taken);
        with.add(file);
        List<Finding> findings = trial(with).findings();
        if (!own.isEmpty()) {
            // All at once: what is wrong with it beside the other files is not kept until its own mistakes are mended.
            Stream<Problem> besideOthers = findings.stream()
                    .map(Finding::problem)
                    .filter(problem -> problem.file().equals(file));
            return Stream.concat(own.stream(), besideOthers)
                    .distinct()
                    .sorted(Merging.BY_PLACE)
                    .toList();
        }
        List<Finding> its =
                findings.stream().filter(finding -> concerns(finding, file)).toList();
        return (its.isEmpty() ? findings : its)
                .stream()
                        .map(finding -> toldAt(file, finding))
                        .sorted(Merging.BY_PLACE)
                        .toList();
    }

    private Problem toldAt(String file, Finding finding) {
        Problem problem = finding.problem();
        if (problem.file().equals(file)) {
            return problem;
        }
        Problem here = finding.elsewhere().get(file);
        if (here != null) {
            return here;
        }
        String cause = present.containsKey(file) ? "its change" : "its deletion";
        Position there = new Position(problem.file(), problem.line(), problem.column());
        return new Problem(
                file, 1, 1, cause + " does not go with " + Merging.place(there) + ": " + problem.what(), problem.fix());
    }
}
