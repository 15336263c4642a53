package dev.banyan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.json.Json;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "unpin",
        description = "Ends the pin of a rollback: takes the present files, and keeps the flags.",
        footerHeading = "%n",
        footer = {"Example:", "  banyan unpin --reason 'the file is mended'"})
final class UnpinCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private ProxyOptions proxy = new ProxyOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Option(names = "--reason", paramLabel = "WHY", description = "Why; kept with the revision.")
    private @Nullable String reason;

    UnpinCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws CommandFailed {
        ObjectNode body = Json.object();
        if (reason != null) {
            body.put("reason", reason);
        }
        try (AdminClient admin = new AdminClient(proxy.locate())) {
            JsonNode answer = admin.post("/v1/unpin", body);
            output.print(surroundings, answer, Change.lines(answer));
        }
        return ExitCode.DONE;
    }
}
