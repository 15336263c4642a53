package dev.banyan.cli;

import dev.banyan.routing.BaseTable;
import dev.banyan.routing.file.NotInForce;
import dev.banyan.routing.file.Reading;
import dev.banyan.routing.file.RoutesDirectory;
import dev.banyan.routing.file.RoutesFiles;
import dev.banyan.yaml.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the files of one directory say together.
 *
 * @param files how many there are
 * @param table empty if there are problems
 * @param notInForce a sentence for each thing that the table asks for and nothing serves yet
 */
record TableFiles(
        int files, Optional<BaseTable> table, List<Problem> problems, List<Problem> warnings, List<String> notInForce) {

    static TableFiles read(Path directory) throws CommandFailed {
        RoutesDirectory.Contents contents = RoutesDirectory.read(directory);
        if (contents instanceof RoutesDirectory.NotListed notListed) {
            Problem problem = notListed.problem();
            throw CommandFailed.because(problem.file() + ": " + problem.what(), problem.fix());
        }
        RoutesDirectory.Listed listed = (RoutesDirectory.Listed) contents;
        if (listed.files().isEmpty() && listed.unreadable().isEmpty()) {
            throw CommandFailed.because(
                    directory + ": no *.yaml in it", "name the directory that holds the routing table's files");
        }
        return of(listed, RoutesFiles.read(listed.files()));
    }

    /** With what else can be said of the table, if it is one. */
    TableFiles withWarnings(Function<BaseTable, List<Problem>> more) {
        List<Problem> all = new ArrayList<>(warnings);
        table.map(more).ifPresent(all::addAll);
        return new TableFiles(files, table, problems, all, notInForce);
    }

    private static TableFiles of(RoutesDirectory.Listed listed, Reading reading) {
        int files = listed.files().size() + listed.unreadable().size();
        List<Problem> problems = new ArrayList<>();
        listed.unreadable().values().forEach(problems::addAll);
        List<Problem> warnings = new ArrayList<>(listed.warnings());
        Optional<BaseTable> table = Optional.empty();
        if (reading instanceof Reading.Read read) {
            table = Optional.of(read.table());
            warnings.addAll(read.warnings());
        } else if (reading instanceof Reading.Broken broken) {
            problems.addAll(broken.problems());
            warnings.addAll(broken.warnings());
        }
        List<String> notInForce = table.map(NotInForce::of).orElse(List.of());
        return new TableFiles(
                files, problems.isEmpty() ? table : Optional.empty(), problems, warnings, List.copyOf(notInForce));
    }
}
