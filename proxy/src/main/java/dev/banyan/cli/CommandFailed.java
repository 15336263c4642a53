package dev.banyan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * A command could not do what it was asked: a check failed, a change was refused, the proxy does not answer. Exit code 1.
 *
 * @see picocli.CommandLine.ParameterException for bad usage, exit code 2
 */
final class CommandFailed extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> lines;
    private final transient Optional<JsonNode> problem;

    private CommandFailed(List<String> lines, Optional<JsonNode> problem) {
        super(String.join("\n", lines));
        this.lines = lines;
        this.problem = problem;
    }

    static CommandFailed because(String what, String fix) {
        return new CommandFailed(List.of(what, "fix: " + fix), Optional.empty());
    }

    /** The admin API's refusal, told in {@code lines} and whole in {@code problem}. */
    static CommandFailed answered(List<String> lines, JsonNode problem) {
        return new CommandFailed(List.copyOf(lines), Optional.of(problem));
    }

    List<String> lines() {
        return lines;
    }

    /** The problem details as they came; empty if it was not the proxy that refused. */
    Optional<JsonNode> problem() {
        return problem;
    }
}
