package dev.banyan.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.RealServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The helm that {@code .ci/helm} fetched, on the chart. */
final class Helm {
    private static final Path HELM = Path.of("../target/helm/helm");
    private static final Path CHART = Path.of("../helm/banyan");

    private final Path directory;

    /** Skips the test where helm has not been fetched. */
    Helm(Path directory) {
        RealServer.require(HELM);
        this.directory = directory;
    }

    /** What the cluster would get with these values. */
    Rendered render(String values) throws IOException, InterruptedException {
        Run run = run(values, "template", "banyan", CHART.toString());
        assertThat(run.exitCode()).as("with %s\n%s", values, run.err()).isZero();
        return Rendered.of(run.out());
    }

    /** Why these values, or flags, are not rendered. */
    String refusal(String values, String... flags) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("template", "banyan", CHART.toString()));
        arguments.addAll(List.of(flags));
        Run run = run(values, arguments.toArray(String[]::new));
        assertThat(run.exitCode()).as("with %s\n%s", values, run.out()).isNotZero();
        return run.err();
    }

    /** What a strict lint says, and whether that is nothing bad. */
    Run lint(String values) throws IOException, InterruptedException {
        return run(values, "lint", "--strict", CHART.toString());
    }

    private Run run(String values, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(HELM.toAbsolutePath().toString()));
        command.addAll(List.of(arguments));
        Path file = Files.writeString(directory.resolve("values.yaml"), values);
        command.addAll(List.of("--values", file.toString()));
        Path err = directory.resolve("err");
        Process helm = new ProcessBuilder(command).redirectError(err.toFile()).start();
        String out = new String(helm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(helm.waitFor(), out, Files.readString(err));
    }

    record Run(int exitCode, String out, String err) {}
}
