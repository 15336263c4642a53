package dev.banyan.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "canary",
        description = "Shows and sets the share of users that a route sends to modern.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%n",
        footer = {"Example:", "  banyan canary set transactions 50%% --reason 'two clean days'"})
final class CanaryCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    private CanaryCommand() {}

    static CommandLine commandLine(Surroundings surroundings) {
        return new CommandLine(new CanaryCommand())
                .addSubcommand(new CanaryListCommand(surroundings))
                .addSubcommand(new CanarySetCommand(surroundings))
                .addSubcommand(new CanaryClearCommand(surroundings));
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "Which command?");
    }
}
