package dev.banyan.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "token",
        description = {
            "Makes, shows and revokes the tokens that say who may do what. Takes an admin's token itself.",
            "A viewer reads. An operator sets flags, freezes, moves writes and forces sides. An admin changes the table",
            "(apply, rollback, unpin) and the tokens."
        },
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%n",
        footer = {"Example:", "  banyan token create --role operator --name squad-money --route transactions"})
final class TokenCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    private TokenCommand() {}

    static CommandLine commandLine(Surroundings surroundings) {
        return new CommandLine(new TokenCommand())
                .addSubcommand(new TokenCreateCommand(surroundings))
                .addSubcommand(new TokenListCommand(surroundings))
                .addSubcommand(new TokenRevokeCommand(surroundings));
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "Which command?");
    }
}
