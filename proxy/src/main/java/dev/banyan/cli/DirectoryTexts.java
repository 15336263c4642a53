package dev.banyan.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.json.Json;
import dev.banyan.routing.file.RoutesDirectory;
import dev.banyan.yaml.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files of one directory as the admin API takes them: {@code {"files": {"routes/accounts.yaml": "..."}}}. */
final class DirectoryTexts {
    private DirectoryTexts() {}

    static ObjectNode read(Path directory) throws CommandFailed {
        RoutesDirectory.Contents contents = RoutesDirectory.read(directory);
        if (contents instanceof RoutesDirectory.NotListed notListed) {
            Problem problem = notListed.problem();
            throw CommandFailed.because(problem.file() + ": " + problem.what(), problem.fix());
        }
        RoutesDirectory.Listed listed = (RoutesDirectory.Listed) contents;
        List<Problem> unreadable = new ArrayList<>();
        listed.unreadable().values().forEach(unreadable::addAll);
        if (!unreadable.isEmpty()) {
            throw CommandFailed.because(
                    unreadable.get(0).toString(), "see all problems with `banyan validate " + directory + "`");
        }
        if (listed.files().isEmpty()) {
            throw CommandFailed.because(
                    directory + ": no *.yaml in it", "name the directory that holds the routing table's files");
        }
        ObjectNode body = Json.object();
        ObjectNode files = body.putObject("files");
        listed.files().forEach(files::put);
        return body;
    }
}
