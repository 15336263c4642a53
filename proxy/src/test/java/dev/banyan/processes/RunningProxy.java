package dev.banyan.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.RealServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * {@code banyan serve} as a process of its own, with the flags that its image starts it with ({@code src/main/jib/app/start}) and
 * the memory and cores that the chart gives it ({@code values.yaml}): the JVM sizes its heap as it does there, on any machine.
 */
public final class RunningProxy implements AutoCloseable {
    private static final Path IMAGE_FLAGS = Path.of("src/main/jib/app/start");
    private static final List<String> CHART_LIMITS = List.of("-XX:MaxRAM=1g", "-XX:ActiveProcessorCount=2");
    private static final Pattern PORT = Pattern.compile("(serving on|with TLS on|admin on) [^\\s]+:([0-9]+)[,\\s]");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final Path log;
    private final Path data;
    private final int healthPort;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private RunningProxy(Process process, Path log, Path data, int healthPort) {
        this.process = process;
        this.log = log;
        this.data = data;
        this.healthPort = healthPort;
    }

    /** How one is started. */
    public static final class Start {
        private final Path directory;
        private final List<String> prefix = new ArrayList<>();
        private final List<String> options = new ArrayList<>();
        private final List<String> jvmFlags = new ArrayList<>();
        private final Map<String, String> environment = new TreeMap<>();

        private Start(Path directory) {
            this.directory = directory;
        }

        /** A file of the routing table. */
        public Start file(String name, String yaml) throws IOException {
            Files.writeString(Files.createDirectories(routes()).resolve(name), yaml);
            return this;
        }

        Path routes() {
            return directory.resolve("routes");
        }

        /** One more option of {@code banyan serve}. */
        public Start with(String option) {
            options.add(option);
            return this;
        }

        /** One more flag of its JVM. */
        public Start jvm(String flag) {
            jvmFlags.add(flag);
            return this;
        }

        /** One more variable of its environment. */
        public Start environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /** As the argument of another command. */
        public Start by(String... command) {
            prefix.addAll(List.of(command));
            return this;
        }

        /** Returns once it serves. */
        public RunningProxy start() throws IOException {
            int healthPort = RealServer.freePort();
            Path data = directory.resolve("data");
            Path log = Files.createTempFile(directory, "proxy", ".log");
            List<String> command = new ArrayList<>(prefix);
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(CHART_LIMITS);
            command.addAll(imageFlags());
            command.addAll(jvmFlags);
            command.addAll(List.of(
                    "-cp",
                    System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                    "dev.banyan.app.Main",
                    "serve",
                    "--admin-listen=127.0.0.1:0",
                    "--health-listen=127.0.0.1:" + healthPort,
                    "--data=" + data,
                    "--routes=" + routes()));
            command.addAll(options);
            if (options.stream().noneMatch(option -> option.startsWith("--listen="))) {
                command.add("--listen=127.0.0.1:0");
            }
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectError(log.toFile())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            builder.environment().putAll(environment);
            Process process = builder.start();
            RunningProxy proxy = new RunningProxy(process, log, data, healthPort);
            await().atMost(PATIENCE).until(() -> !process.isAlive() || proxy.hasSaidItsPorts());
            assertThat(process.isAlive()).as(proxy.log()).isTrue();
            return proxy;
        }
    }

    /** With files in that directory: {@code routes}, {@code data} and what it says. */
    public static Start in(Path directory) {
        return new Start(directory);
    }

    /** In front of one upstream, which gets everything. */
    public static Start inFrontOf(Path directory, int upstreamPort) throws IOException {
        return in(directory).file("00-platform.yaml", """
                banyan: 1
                default: rails
                upstreams:
                  rails: { url: "http://127.0.0.1:%d" }
                """.formatted(upstreamPort));
    }

    private static List<String> imageFlags() throws IOException {
        try (Stream<String> lines = Files.lines(IMAGE_FLAGS)) {
            List<String> flags = lines.filter(line -> line.matches("-[XD].*")).toList();
            assertThat(flags).as("flags of %s", IMAGE_FLAGS).isNotEmpty();
            return flags;
        }
    }

    public long pid() {
        return process.pid();
    }

    public Process process() {
        return process;
    }

    /** What it has said so far. */
    public String log() throws IOException {
        return Files.readString(log);
    }

    public boolean said(String words) throws IOException {
        return log().contains(words);
    }

    public int port() throws IOException {
        return port("serving on");
    }

    public int tlsPort() throws IOException {
        return port("with TLS on");
    }

    public int adminPort() throws IOException {
        return port("admin on");
    }

    /** The line as a whole: it may arrive in pieces. */
    private boolean hasSaidItsPorts() throws IOException {
        return PORT.matcher(log()).results().anyMatch(port -> port.group(1).equals("admin on"));
    }

    private int port(String of) throws IOException {
        Matcher port = PORT.matcher(log());
        while (port.find()) {
            if (port.group(1).equals(of)) {
                return Integer.parseInt(port.group(2));
            }
        }
        throw new AssertionError("no \"" + of + "\" in " + log());
    }

    // Asking it.

    /** With the first admin token. */
    public HttpResponse<String> admin(String method, String path, String json)
            throws IOException, InterruptedException {
        String token = token();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort() + path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token);
        if (json.isEmpty()) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(json));
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The first admin token. */
    public String token() throws IOException {
        return Files.readString(data.resolve("admin.token")).strip();
    }

    /** The status of {@code /readyz}; -1 if nobody answers there. */
    public int readiness() throws InterruptedException {
        return status("/readyz");
    }

    /** The status of {@code /livez}; -1 if nobody answers there. */
    public int liveness() throws InterruptedException {
        return status("/livez");
    }

    private int status(String path) throws InterruptedException {
        try {
            return health(path).statusCode();
        } catch (IOException e) {
            return -1;
        }
    }

    /** The sum of all samples whose line begins so; 0 if there is none. */
    public double metric(String beginning) throws IOException, InterruptedException {
        return health("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(beginning))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    public HttpResponse<String> health(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + healthPort + path))
                        .timeout(PATIENCE)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    // What the kernel knows of it.

    /** Memory that it has for itself. */
    public long residentKib() throws IOException {
        return ofKernel("VmRSS");
    }

    /** The most that {@link #residentKib} has been since {@link #forgetPeak}. */
    public long peakKib() throws IOException {
        return ofKernel("VmHWM");
    }

    public void forgetPeak() throws IOException {
        Files.writeString(Path.of("/proc/" + pid() + "/clear_refs"), "5");
    }

    public int threads() throws IOException {
        return (int) ofKernel("Threads");
    }

    private long ofKernel(String name) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid() + "/status"))) {
            return lines.filter(line -> line.startsWith(name + ":"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Time that its threads have worked. */
    public Duration cpu() {
        Optional<Duration> worked = process.info().totalCpuDuration();
        return worked.orElse(Duration.ZERO);
    }

    // Ending it.

    /** kill -9, then waits until it is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    public int awaitExit() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
