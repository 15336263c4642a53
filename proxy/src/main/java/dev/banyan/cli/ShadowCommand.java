package dev.banyan.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "shadow",
        description = "Sets the share of a route's requests that are copied to the side that does not answer.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%n",
        footer = {"Example:", "  banyan shadow set transactions 10%% --reason 'before the first canary'"})
final class ShadowCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    private ShadowCommand() {}

    static CommandLine commandLine(Surroundings surroundings) {
        return new CommandLine(new ShadowCommand())
                .addSubcommand(new ShadowSetCommand(surroundings))
                .addSubcommand(new ShadowClearCommand(surroundings));
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "Which command?");
    }
}
