package dev.banyan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "revoke",
        description = "Ends a token: the next request with it is refused.",
        footerHeading = "%n",
        footer = {"Example:", "  banyan token revoke 0123456789ab"})
final class TokenRevokeCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private ProxyOptions proxy = new ProxyOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Parameters(paramLabel = "ID", description = "The token's id, not the token; see `banyan token list`.")
    private TokenId id;

    TokenRevokeCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws CommandFailed {
        try (AdminClient admin = new AdminClient(proxy.locate())) {
            JsonNode revoked = admin.delete("/v1/tokens/" + id.text());
            output.print(surroundings, revoked, List.of("token " + id.text() + " is refused from now on"));
        }
        return ExitCode.DONE;
    }
}
