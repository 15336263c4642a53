package dev.banyan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "parity",
        description = {
            "Shows whether modern's answers are the same as legacy's, as far as copies of requests have told, and in which fields"
                    + " they differ.",
            "Counted are the answers since the route is what it is, or since a revision. VERDICT is proven, different or undecided;",
            "whoever looks often is not misled by it. With --ignore it prints the line for the route's file instead."
        },
        footerHeading = "%n",
        footer = {
            "Examples:",
            "  banyan parity",
            "  banyan parity transactions --window 2h",
            "  banyan parity transactions --only late",
            "  banyan parity transactions --ignore $.generated_at --until 2027-01-31 --why 'the time of the answer'",
            "  banyan parity known transactions '$.items[*].amount' --owner squad-money --until 2027-01-31 --why MON-12"
        })
final class ParityCommand implements Callable<Integer> {
    /** What the kinds mean of which one is enough. */
    private static final Map<String, String> WORST = Map.of(
            "lost", "lost: what was written cannot be read at modern, though it was looked for three times",
            "check-skipped", "check skipped: without any credentials modern serves what legacy refuses",
            "owners-check-skipped",
                    "owner's check skipped: modern serves the test user what legacy keeps for somebody else");

    private final Surroundings surroundings;

    @Parameters(arity = "0..1", paramLabel = "ROUTE", description = "Only this one, with its samples.")
    private @Nullable String route;

    @Option(names = "--since", paramLabel = "REVISION", description = "Only answers of this revision and later ones.")
    private @Nullable Long since;

    @Option(
            names = "--window",
            paramLabel = "DURATION",
            description = {
                "Only answers of the last 30m, 6h or 3d, up to 7d; in steps of ten minutes while they are fresh, later of an",
                "hour and of a day."
            })
    private @Nullable String window;

    @Option(
            names = "--only",
            paramLabel = "STANDING",
            description = "Only differences that are different, undecided, late or noise.")
    private @Nullable String only;

    @ArgGroup(exclusive = false)
    private @Nullable Ignoring ignoring;

    /** What is to be left out from now on. */
    private static final class Ignoring {
        @Option(
                names = "--ignore",
                paramLabel = "FIELD",
                required = true,
                description =
                        "Prints how the route's file says that this is not compared: a path, header NAME, or a CSS selector.")
        private String field;

        @Option(names = "--until", paramLabel = "DAY", description = "The last day on which it is not: 2027-01-31.")
        private @Nullable String until;

        @Option(names = "--why", paramLabel = "WHY", description = "Why it is not.")
        private @Nullable String why;
    }

    @Spec
    private CommandSpec spec;

    @Mixin
    private ProxyOptions proxy = new ProxyOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    private ParityCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    static CommandLine commandLine(Surroundings surroundings) {
        return new CommandLine(new ParityCommand(surroundings)).addSubcommand(new ParityKnownCommand(surroundings));
    }

    @Override
    public Integer call() throws CommandFailed {
        try (AdminClient admin = new AdminClient(proxy.locate())) {
            if (ignoring != null) {
                return ignore(admin, ignoring);
            }
            JsonNode parity = admin.get("/v1/parity" + query());
            output.print(surroundings, parity, lines(parity));
        }
        return ExitCode.DONE;
    }

    private int ignore(AdminClient admin, Ignoring asked) throws CommandFailed {
        if (route == null) {
            throw new ParameterException(
                    spec.commandLine(), "--ignore: of which route? (expected: banyan parity ROUTE --ignore FIELD)");
        }
        JsonNode shadow = admin.get("/v1/routes/" + new RouteId(route)).path("shadowing");
        IgnoreLine line;
        try {
            line = IgnoreLine.of(shadow.path("ignore"), asked.field, asked.until, asked.why);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
        output.print(
                surroundings,
                Json.object().put("line", line.text()),
                List.of("In the file of " + route + ", in shadow:", "", "  " + line.text()));
        return ExitCode.DONE;
    }

    private String query() {
        List<String> parameters = new ArrayList<>();
        if (route != null) {
            parameters.add("route=" + URLEncoder.encode(route, StandardCharsets.UTF_8));
        }
        if (since != null) {
            parameters.add("since=" + since);
        }
        if (window != null) {
            parameters.add("window=" + URLEncoder.encode(window, StandardCharsets.UTF_8));
        }
        if (only != null) {
            parameters.add("standing=" + URLEncoder.encode(only, StandardCharsets.UTF_8));
        }
        return parameters.isEmpty() ? "" : "?" + String.join("&", parameters);
    }

    private List<String> lines(JsonNode parity) {
        TextTable table = new TextTable(
                "ROUTE",
                "SHADOW",
                "COMPARED",
                "DIFFERENT",
                "UNDECIDED",
                "LATE",
                "KNOWN",
                "FAILED",
                "PARITY",
                "VERDICT");
        for (JsonNode each : parity.path("routes")) {
            table.row(
                    each.path("id").asText(),
                    each.path("shadow").asText() + "%",
                    Long.toString(each.path("matched").asLong()
                            + each.path("late").asLong()
                            + each.path("known").asLong()
                            + each.path("undecided").asLong()
                            + each.path("different").asLong()),
                    each.path("different").asText(),
                    each.path("undecided").asText(),
                    each.path("late").asText(),
                    each.path("known").asText(),
                    each.path("failed").asText(),
                    share(each.path("parity")),
                    verdict(each));
        }
        List<String> lines = new ArrayList<>(table.lines());
        for (JsonNode each : parity.path("routes")) {
            tell(each, lines);
        }
        return lines;
    }

    private static String share(JsonNode parity) {
        if (!parity.isObject()) {
            return TextTable.NOTHING;
        }
        String between =
                parity.path("lower").asText() + "% to " + parity.path("upper").asText() + "%";
        return parity.has("percent") ? parity.path("percent").asText() + "% (" + between + ")" : between;
    }

    private static String verdict(JsonNode route) {
        JsonNode needs = route.path("needs");
        return route.path("verdict").asText()
                + (needs.isNumber() ? ", needs about " + needs.asText() + " more equal answers" : "");
    }

    private void tell(JsonNode each, List<String> lines) {
        List<String> told = new ArrayList<>();
        boolean untold = false;
        for (JsonNode cause : each.path("differences")) {
            if (route == null && only == null && isHarmless(cause)) {
                untold = true;
            } else {
                tellCause(cause, told);
            }
        }
        if (untold) {
            told.add("  and in what legacy differs in from itself, or was only late: banyan parity "
                    + each.path("id").asText());
        }
        if (each.path("more_differences").asBoolean()) {
            told.add("  and others, which are not kept");
        }
        if (route != null) {
            tellIgnored(each.path("ignored"), told);
            tellCoverage(each.path("coverage"), told);
            if (each.path("legacy_asked_twice").asLong() > 0) {
                told.add("  legacy was asked twice: "
                        + each.path("legacy_asked_twice").asText() + " times, to learn what differs by itself");
            }
        }
        List<String> notCompared = new ArrayList<>();
        each.path("not_compared")
                .properties()
                .forEach(why -> notCompared.add(why.getValue().asText() + " " + why.getKey()));
        if (!notCompared.isEmpty()) {
            told.add("  not compared: " + String.join(", ", notCompared));
        }
        if (!told.isEmpty()) {
            lines.add("");
            lines.add(each.path("id").asText() + ", since revision "
                    + each.path("since_revision").asText() + sinceDeploy(each.path("modern_version")) + ":");
            told.forEach(line -> lines.add(TextTable.printable(line)));
        }
    }

    /** Nobody knows whether what is not compared is right. */
    private void tellIgnored(JsonNode ignored, List<String> told) {
        for (JsonNode each : ignored) {
            String since = each.has("since") ? ", since " + Moment.local(each.path("since"), surroundings.clock()) : "";
            String end = each.has("until") ? ", until " + each.path("until").asText() : ", without an end";
            String why = each.has("why") ? ": " + each.path("why").asText() : "";
            told.add("  not compared: " + each.path("field").asText() + since + end + why);
        }
    }

    private static boolean isHarmless(JsonNode cause) {
        String standing = cause.path("standing").asText();
        return standing.equals("noise") || standing.equals("late");
    }

    private static void tellCoverage(JsonNode coverage, List<String> told) {
        coverage.path("matches")
                .forEach(match ->
                        told.add("  compared: " + match.path("compared").asText() + " answers to "
                                + match.path("match").asText()));
        List<String> answers = new ArrayList<>();
        coverage.path("answers")
                .properties()
                .forEach(answer -> answers.add(answer.getValue().asText() + " times " + answer.getKey()));
        if (!answers.isEmpty()) {
            told.add("  legacy answered " + String.join(", ", answers) + ", to about "
                    + coverage.path("users").asText() + " users for about "
                    + coverage.path("targets").asText() + " targets");
        }
    }

    /** Of a difference nothing needs to be said but that it is one. */
    private static void tellStanding(JsonNode cause, List<String> told) {
        String standing = cause.path("standing").asText();
        JsonNode noise = cause.path("noise_percent");
        String share = noise.isNumber() ? noise.decimalValue().toPlainString() + "%" : "";
        if (standing.equals("noise")) {
            told.add("    noise: asked twice, legacy differs from itself in " + share);
        } else if (standing.equals("late")) {
            told.add("    late: when both were asked again after a while, they said the same");
        } else if (standing.equals("undecided")) {
            told.add(
                    share.isEmpty()
                            ? "    undecided: nobody knows yet whether legacy differs from itself in it"
                            : "    undecided: asked twice, legacy differs from itself in " + share
                                    + "; it takes more answers to tell");
        }
    }

    private String sinceDeploy(JsonNode version) {
        return version.isObject()
                ? ", and since modern is version " + version.path("version").asText() + " ("
                        + Moment.local(version.path("since"), surroundings.clock()) + ")"
                : "";
    }

    /** Whoever asks without credentials is nobody. */
    private String inHowMany(JsonNode cause) {
        return " in %s answers to %s%s, last %s"
                .formatted(
                        cause.path("count").asText(),
                        cause.path("match").asText(),
                        cause.path("users").asLong() == 0
                                ? ""
                                : ", about " + cause.path("users").asText() + " users",
                        Moment.local(cause.path("last_seen"), surroundings.clock()));
    }

    private void tellCause(JsonNode cause, List<String> told) {
        boolean first = true;
        for (JsonNode field : cause.path("fields")) {
            told.add("  %s%s: %s (legacy: %s, modern: %s)%s"
                    .formatted(
                            first ? "" : "  and ",
                            field.path("field").asText(),
                            field.path("kind").asText(),
                            field.path("legacy").asText(),
                            field.path("modern").asText(),
                            first ? inHowMany(cause) : ""));
            first = false;
        }
        WORST.forEach((kind, what) -> {
            if (cause.path("fields").path(0).path("kind").asText().equals(kind)) {
                told.add("    " + what);
            }
        });
        tellStanding(cause, told);
        JsonNode known = cause.path("known");
        if (known.isObject()) {
            told.add("    known until %s, of %s: %s (%s)"
                    .formatted(
                            known.path("until").asText(),
                            known.path("owner").asText(),
                            known.path("reason").asText(),
                            known.path("author").asText()));
        }
        if (route != null) {
            cause.path("samples")
                    .forEach(sample ->
                            told.add("    request " + sample.path("request_id").asText() + ", "
                                    + Moment.local(sample.path("time"), surroundings.clock())));
        }
    }
}
