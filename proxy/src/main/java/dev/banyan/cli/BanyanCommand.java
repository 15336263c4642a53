package dev.banyan.cli;

import dev.banyan.contract.Span;
import dev.banyan.routing.Side;
import dev.banyan.yaml.Suggestion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The root of all commands, and what they have in common: exit codes, help, where messages go. */
@Command(
        name = "banyan",
        description = {
            "An edge proxy for moving a monolith to services, a few users at a time.",
            "Exit code: 0 done, 1 a check failed or a change was refused, 2 bad usage."
        },
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = BanyanCommand.Version.class,
        footerHeading = "%n",
        footer = {"Example:", "  banyan demo", "  banyan canary set transactions 50%% --reason 'parity is 100%%'"})
public final class BanyanCommand implements Callable<Integer> {
    private static final int USAGE_WIDTH = 110;

    @Spec
    private CommandSpec spec;

    // Picocli acts on these two by itself.
    @SuppressWarnings("UnusedVariable")
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this, and end.")
    private boolean help;

    @SuppressWarnings("UnusedVariable")
    @Option(names = "--version", versionHelp = true, description = "Show the version, and end.")
    private boolean version;

    private BanyanCommand() {}

    /**
     * Runs one command to its end.
     *
     * @param serve runs the proxy
     * @param demo runs the whole example
     * @return the process's exit code
     */
    public static int run(
            Surroundings surroundings, Server<ServeOptions> serve, Server<DemoOptions> demo, String... arguments) {
        Map<String, Supplier<Object>> commands = commands(surroundings, serve, demo);
        String first = arguments.length == 0 ? "" : arguments[0];
        // Reading the annotations of all commands costs half a second, more than most commands take themselves. All are
        // needed only to list them, or to find the one that may be meant.
        Map<String, Supplier<Object>> needed =
                commands.containsKey(first) ? Map.of(first, commands.get(first)) : commands;
        return commandLine(surroundings, needed).execute(arguments);
    }

    static CommandLine commandLine(Surroundings surroundings, Server<ServeOptions> serve, Server<DemoOptions> demo) {
        return commandLine(surroundings, commands(surroundings, serve, demo));
    }

    /** By name, in the order of help. Made when asked for. */
    private static Map<String, Supplier<Object>> commands(
            Surroundings surroundings, Server<ServeOptions> serve, Server<DemoOptions> demo) {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("demo", () -> new DemoCommand(demo, surroundings.root().resolve("routes")));
        commands.put("serve", () -> ServeCommand.commandLine(serve));
        commands.put("validate", () -> new ValidateCommand(surroundings));
        commands.put("explain", () -> new ExplainCommand(surroundings));
        commands.put("plan", () -> new PlanCommand(surroundings));
        commands.put("apply", () -> new ApplyCommand(surroundings));
        commands.put("routes", () -> new RoutesCommand(surroundings));
        commands.put("canary", () -> CanaryCommand.commandLine(surroundings));
        commands.put("shadow", () -> ShadowCommand.commandLine(surroundings));
        commands.put("parity", () -> ParityCommand.commandLine(surroundings));
        commands.put("writes", () -> WritesCommand.commandLine(surroundings));
        commands.put("freeze", () -> new FreezeCommand(surroundings));
        commands.put("thaw", () -> new ThawCommand(surroundings));
        commands.put("revisions", () -> new RevisionsCommand(surroundings));
        commands.put("diff", () -> new DiffCommand(surroundings));
        commands.put("rollback", () -> new RollbackCommand(surroundings));
        commands.put("unpin", () -> new UnpinCommand(surroundings));
        commands.put("side", () -> new SideCommand(surroundings));
        commands.put("token", () -> TokenCommand.commandLine(surroundings));
        commands.put("audit", () -> new AuditCommand(surroundings));
        commands.put(
                "completion", () -> new CompletionCommand(surroundings, () -> commandLine(surroundings, serve, demo)));
        return commands;
    }

    private static CommandLine commandLine(Surroundings surroundings, Map<String, Supplier<Object>> commands) {
        CommandLine banyan = new CommandLine(new BanyanCommand());
        commands.values().forEach(command -> banyan.addSubcommand(command.get()));
        return banyan.setOut(surroundings.out())
                .setErr(surroundings.err())
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        surroundings.colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
                .setDefaultValueProvider(new EnvironmentDefaults(surroundings.environment()))
                .registerConverter(RouteId.class, RouteId::new)
                .registerConverter(Percent.class, Percent::parse)
                .registerConverter(Side.class, BanyanCommand::side)
                .registerConverter(Since.class, Since::new)
                .registerConverter(Span.class, BanyanCommand::span)
                .registerConverter(TokenId.class, TokenId::new)
                .setCaseInsensitiveEnumValuesAllowed(true)
                // A reason may begin with @.
                .setExpandAtFiles(false)
                .setUsageHelpWidth(USAGE_WIDTH)
                .setParameterExceptionHandler(BanyanCommand::badUsage)
                .setExecutionExceptionHandler(BanyanCommand::failed);
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "Which command?");
    }

    private static Side side(String text) {
        return Side.ofWord(text)
                .orElseThrow(
                        () -> new TypeConversionException("'" + text + "' is not a side (expected: legacy or modern)"));
    }

    private static Span span(String text) {
        return Span.parse(text)
                .orElseThrow(() -> new TypeConversionException(
                        "'" + text + "' is not a duration (expected: a number with s, m, h or d, such as 12h or 30d)"));
    }

    private static int badUsage(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println("banyan: " + TextTable.printable(message(e)));
        if (!command.getSubcommands().isEmpty()) {
            command.getErr()
                    .println("  commands: "
                            + String.join(", ", command.getSubcommands().keySet()));
        }
        command.getErr().println("  fix: " + didYouMean(e) + "see `" + name + " --help`");
        command.getErr().flush();
        return ExitCode.BAD_USAGE;
    }

    private static String message(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched
                && !unmatched.isUnknownOption()
                && !e.getCommandLine().getSubcommands().isEmpty()) {
            return "there is no command '" + unmatched.getUnmatched().get(0) + "'";
        }
        return String.valueOf(e.getMessage());
    }

    private static String didYouMean(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched)) {
            return "";
        }
        // Of picocli's suggestions some have no more than a few letters in common.
        return Suggestion.of(unmatched.getUnmatched().get(0), unmatched.getSuggestions())
                .map(near -> "did you mean " + near + "? If not, ")
                .orElse("");
    }

    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult arguments) {
        List<String> lines = e instanceof CommandFailed failed
                ? failed.lines()
                : List.of(String.valueOf(e.getMessage() == null ? e : e.getMessage()));
        for (int number = 0; number < lines.size(); number++) {
            command.getErr().println((number == 0 ? "banyan: " : "  ") + lines.get(number));
        }
        command.getErr().flush();
        return ExitCode.REFUSED;
    }

    /** As the jar's manifest says. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = BanyanCommand.class.getPackage().getImplementationVersion();
            return new String[] {"banyan " + (version == null ? "(from the sources)" : version)};
        }
    }
}
