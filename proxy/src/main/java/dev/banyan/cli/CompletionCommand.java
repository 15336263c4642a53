package dev.banyan.cli;

import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

@Command(
        name = "completion",
        description = "Prints a script that completes commands and options in bash and zsh.",
        footerHeading = "%n",
        footer = {"Example:", "  source <(banyan completion)"})
final class CompletionCommand implements Callable<Integer> {
    private final Surroundings surroundings;
    private final Supplier<CommandLine> allCommands;

    CompletionCommand(Surroundings surroundings, Supplier<CommandLine> allCommands) {
        this.surroundings = surroundings;
        this.allCommands = allCommands;
    }

    @Override
    public Integer call() {
        surroundings.out().print(AutoComplete.bash("banyan", allCommands.get()));
        surroundings.out().flush();
        return ExitCode.DONE;
    }
}
