package dev.banyan.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;

/** One run of a command, and all that came of it. */
record CommandRun(
        int exitCode, String out, String err, Optional<ServeOptions> served, Optional<DemoOptions> demonstrated) {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);

    static CommandRun of(String... arguments) {
        return in(Map.of(), arguments);
    }

    /** One that finds the proxy by its data directory. */
    static CommandRun with(Path data, String... arguments) {
        return of(Stream.concat(Stream.of(arguments), Stream.of("--data", data.toString()))
                .toArray(String[]::new));
    }

    static CommandRun in(Map<String, String> environment, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<ServeOptions> served = new ArrayList<>();
        List<DemoOptions> demonstrated = new ArrayList<>();
        int exitCode = BanyanCommand.run(
                new Surroundings(
                        new PrintWriter(out), new PrintWriter(err), environment, false, Path.of("/opt/banyan"), CLOCK),
                options -> {
                    served.add(options);
                    return ExitCode.DONE;
                },
                options -> {
                    demonstrated.add(options);
                    return ExitCode.DONE;
                },
                arguments);
        return new CommandRun(
                exitCode,
                out.toString(),
                err.toString(),
                served.stream().findFirst(),
                demonstrated.stream().findFirst());
    }

    /** All commands, to be looked at. */
    static CommandLine commandLine() {
        return BanyanCommand.commandLine(
                new Surroundings(
                        new PrintWriter(new StringWriter()),
                        new PrintWriter(new StringWriter()),
                        Map.of(),
                        false,
                        Path.of(""),
                        CLOCK),
                options -> ExitCode.DONE,
                options -> ExitCode.DONE);
    }
}
