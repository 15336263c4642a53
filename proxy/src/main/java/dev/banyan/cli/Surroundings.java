package dev.banyan.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Map;

/**
 * What a command sees of the process it runs in.
 *
 * @param out what was asked for; nothing else, so that it can be piped
 * @param err everything said beside it
 * @param environment the variables of the process
 * @param colour whether {@code out} is a terminal that shows colour
 * @param root the directory with the example's {@code routes/}; the launcher names it, so that the demo runs from anywhere
 */
public record Surroundings(
        PrintWriter out, PrintWriter err, Map<String, String> environment, boolean colour, Path root, Clock clock) {

    /**
     * Those of this process. Colour as no-color.org has it, and only where the launcher says that there is a terminal: what
     * System.console() means differs between JDK 17 and 25.
     */
    public static Surroundings ofProcess() {
        Map<String, String> environment = System.getenv();
        boolean colour = "yes".equals(System.getProperty("banyan.terminal"))
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "dumb").equals("dumb");
        return new Surroundings(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                environment,
                colour,
                Path.of(System.getProperty("banyan.root", "")),
                Clock.system(ZoneId.systemDefault()));
    }
}
