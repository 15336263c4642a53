package dev.banyan.controlplane.revisions;

import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.file.Reading;
import dev.banyan.routing.file.RoutesFiles;
import dev.banyan.yaml.Problem;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What some files would make of the table in force, taken as a whole, as {@code apply} takes them. Nothing is changed.
 *
 * @param from the revision that they are compared with
 * @param table the files' table under the present flags; empty if they make none
 * @param problems why it would be refused; empty: it would not
 * @param warnings never block
 * @param stranded by route, which writes would be stranded; they are among the problems, too
 */
public record Prospect(
        Revision from,
        Optional<RoutingTable> table,
        List<Problem> problems,
        List<Problem> warnings,
        SortedMap<String, String> stranded) {
    public Prospect {
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
        stranded = Collections.unmodifiableSortedMap(new TreeMap<>(stranded));
    }

    static Prospect of(Revision from, Content present, SortedMap<String, String> files, Stranding stranding) {
        Reading reading = RoutesFiles.read(files);
        if (reading instanceof Reading.Broken broken) {
            return new Prospect(from, Optional.empty(), broken.problems(), broken.warnings(), new TreeMap<>());
        }
        Reading.Read read = (Reading.Read) reading;
        RoutingTable table = present.table().next(0, read.table(), FileRules.flagsOver(read.table(), present));
        return new Prospect(
                from,
                Optional.of(table),
                new FileRules(present, stranding).problemsOf(read),
                read.warnings(),
                stranding.told(present.table(), table));
    }
}
