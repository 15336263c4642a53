package dev.banyan.routing.file;

import dev.banyan.yaml.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** Reads routing files: text in, a table or all its problems out. */
public final class RoutesFiles {
    private RoutesFiles() {}

    /**
     * Reads and merges. Never throws, whatever the text.
     *
     * @param files text by name; the names are what problems are reported with
     */
    public static Reading read(SortedMap<String, String> files) {
        // Each by itself, so several at once: it is most of the time that a start with thousands of routes takes.
        List<FileContent> contents = files.entrySet().parallelStream()
                .map(file -> FileReader.read(file.getKey(), file.getValue()))
                .toList();
        Merging.Merged merged = Merging.merge(contents);
        return merged.read().<Reading>map(read -> read).orElseGet(() -> broken(contents, merged));
    }

    private static Reading broken(List<FileContent> contents, Merging.Merged merged) {
        List<Problem> problems = new ArrayList<>();
        contents.forEach(content -> problems.addAll(content.problems()));
        merged.findings().forEach(finding -> problems.add(finding.problem()));
        return new Reading.Broken(problems.stream().sorted(Merging.BY_PLACE).toList(), merged.warnings());
    }
}
