package dev.banyan.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.banyan.RealServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The fuzzing client of the <a href="https://github.com/crossbario/autobahn-testsuite">Autobahn test suite</a>, which is Python: run by
 * Jython in a process of its own, from jars that the build lays beside the test classes and never on their class path.
 */
public final class Autobahn {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PROGRAM = """
            import sys
            sys.path.insert(0, sys.argv[1])
            sys.argv = ["wstest", "-m", "fuzzingclient", "-s", sys.argv[2]]
            from autobahntestsuite import wstest
            wstest.run()
            """;

    /** 1.2.3 before 1.10.1. */
    private static final Comparator<String> IN_ORDER = Comparator.comparing(Autobahn::padded);

    private Autobahn() {}

    /**
     * What one case found.
     *
     * @param behaviour OK, NON-STRICT, INFORMATIONAL, UNIMPLEMENTED or FAILED
     * @param atClose the same of how the connection was closed
     */
    public record Finding(String behaviour, String atClose) {
        private static Finding of(JsonNode found) {
            return new Finding(
                    found.required("behavior").asText(),
                    found.required("behaviorClose").asText());
        }
    }

    /**
     * Runs the cases against each of the servers.
     *
     * @param cases their numbers, where {@code *} stands for any rest
     * @return by case, what it found with each server, in the order of the ports
     */
    public static SortedMap<String, List<Finding>> run(
            Path directory, List<String> cases, List<Integer> ports, Duration atMost) throws Exception {
        Path suite = jar("autobahntestsuite-maven-plugin");
        Path jython = jar("jython-standalone");
        RealServer.require(suite, jython);
        Path program = Files.writeString(directory.resolve("run.py"), PROGRAM);
        Path specification =
                Files.writeString(directory.resolve("specification.json"), specification(directory, cases, ports));
        Path said = directory.resolve("said.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx512m",
                        "-Dpython.cachedir.skip=true",
                        "-Dpython.import.site=false",
                        "-cp",
                        jython + ":" + suite,
                        "org.python.util.jython",
                        program.toString(),
                        suite.toString(),
                        specification.toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            assertThat(process.waitFor(atMost.toSeconds(), TimeUnit.SECONDS) && process.exitValue() == 0)
                    .as(() -> "Autobahn ran to its end; it said at last:\n" + lastLines(said))
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        return findings(directory.resolve("reports").resolve("index.json"), ports);
    }

    private static Path jar(String name) throws Exception {
        Path testClasses = Path.of(Autobahn.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        return testClasses.resolveSibling("autobahn").resolve(name + ".jar");
    }

    private static String specification(Path directory, List<String> cases, List<Integer> ports) throws IOException {
        List<Object> servers = new ArrayList<>();
        for (int port : ports) {
            servers.add(
                    Map.of("agent", agent(port), "url", "ws://127.0.0.1:" + port, "options", Map.of("version", 18)));
        }
        return JSON.writeValueAsString(Map.of(
                "options", Map.of("failByDrop", false),
                "outdir", directory.resolve("reports").toString(),
                "servers", servers,
                "cases", cases,
                "exclude-cases", List.of(),
                "exclude-agent-cases", Map.of()));
    }

    private static String agent(int port) {
        return "port " + port;
    }

    private static SortedMap<String, List<Finding>> findings(Path index, List<Integer> ports) throws IOException {
        JsonNode all = JSON.readTree(index.toFile());
        SortedMap<String, List<Finding>> findings = new TreeMap<>(IN_ORDER);
        for (int port : ports) {
            all.required(agent(port))
                    .properties()
                    .forEach(one -> findings.computeIfAbsent(one.getKey(), number -> new ArrayList<>())
                            .add(Finding.of(one.getValue())));
        }
        assertThat(findings.values()).allMatch(each -> each.size() == ports.size());
        return findings;
    }

    private static String padded(String number) {
        StringBuilder padded = new StringBuilder();
        for (String part : number.split("\\.", -1)) {
            padded.append("%3s".formatted(part));
        }
        return padded.toString();
    }

    private static String lastLines(Path said) {
        try {
            List<String> lines = Files.readAllLines(said);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
        } catch (IOException e) {
            return "nothing: " + e;
        }
    }
}
