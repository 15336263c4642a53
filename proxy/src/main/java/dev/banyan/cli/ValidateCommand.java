package dev.banyan.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.json.Json;
import dev.banyan.pem.PemCheck;
import dev.banyan.routing.BaseTable;
import dev.banyan.yaml.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "validate",
        description = {
            "Checks a routing table; for CI.",
            "Every problem of every file goes to standard output as FILE:LINE:COL: what; fix: ..., a summary to",
            "standard error. Warnings never fail it, nor do notes on what is not in force yet. Files of CAs that upstreams",
            "trust are looked at as they are on this machine; what is wrong with one is a warning."
        },
        footerHeading = "%n",
        footer = {"Example:", "  banyan validate routes"})
final class ValidateCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Parameters(paramLabel = "DIR", description = "The directory with the routing table's files.")
    private Path directory;

    ValidateCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws CommandFailed {
        TableFiles files = TableFiles.read(directory).withWarnings(this::authorities);
        output.print(surroundings, json(files), lines(files));
        if (files.table().isPresent()) {
            return ExitCode.DONE;
        }
        surroundings
                .err()
                .println("banyan: " + counted(files.problems().size(), "problem") + " in "
                        + counted(files.files(), "file")
                        + ": a running proxy would hold back every file that is named above");
        surroundings.err().flush();
        return ExitCode.REFUSED;
    }

    /** Warnings only: where the table is checked need not be where its proxy runs. */
    private List<Problem> authorities(BaseTable table) {
        PemCheck pem = new PemCheck(surroundings.clock().instant());
        table.authorities().forEach(pem::authorities);
        return pem.problems().stream()
                .map(problem -> new Problem("", 1, 1, problem.what(), problem.fix()))
                .toList();
    }

    private List<String> lines(TableFiles files) {
        List<String> lines = new ArrayList<>();
        files.problems().forEach(problem -> lines.add(problem.toString()));
        files.warnings().forEach(warning -> lines.add("warning: " + warning));
        files.notInForce().forEach(sentence -> lines.add("note: " + sentence));
        files.table()
                .ifPresent(table -> lines.add(directory + ": "
                        + counted(files.files(), "file") + ", "
                        + counted(table.routes().size(), "route") + ", "
                        + counted(table.upstreams().size(), "upstream") + ": valid"));
        return lines;
    }

    private static ObjectNode json(TableFiles files) {
        ObjectNode json = Json.object();
        json.put("valid", files.table().isPresent());
        json.put("files", files.files());
        json.put("routes", files.table().map(BaseTable::routes).map(Map::size).orElse(0));
        json.put(
                "upstreams",
                files.table().map(BaseTable::upstreams).map(Map::size).orElse(0));
        add(json.putArray("problems"), files.problems());
        add(json.putArray("warnings"), files.warnings());
        files.notInForce().forEach(json.putArray("not_in_force")::add);
        return json;
    }

    private static void add(ArrayNode array, List<Problem> problems) {
        for (Problem problem : problems) {
            array.addObject()
                    .put("file", problem.file())
                    .put("line", problem.line())
                    .put("column", problem.column())
                    .put("what", problem.what())
                    .put("fix", problem.fix());
        }
    }

    private static String counted(int number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }
}
