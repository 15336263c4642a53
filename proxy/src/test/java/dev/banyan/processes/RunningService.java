package dev.banyan.processes;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A {@link CountingService} that can be killed, stopped and continued. */
final class RunningService implements AutoCloseable {
    private final Process process;
    private final Path writes;
    private final int port;

    private RunningService(Process process, Path writes, int port) {
        this.process = process;
        this.writes = writes;
        this.port = port;
    }

    static RunningService start(Path writes) throws IOException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        CountingService.class.getName(),
                        writes.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = String.valueOf(output.readLine());
        if (!line.startsWith(CountingService.LISTENING)) {
            process.destroyForcibly();
            throw new IOException("the service said: " + line);
        }
        return new RunningService(
                process, writes, Integer.parseInt(line.substring(CountingService.LISTENING.length())));
    }

    int port() {
        return port;
    }

    /** The ids of the writes that it executed, in order. */
    List<String> writes() throws IOException {
        return Files.exists(writes) ? Files.readAllLines(writes) : List.of();
    }

    /** kill -9. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** It hangs: its connections stay, and its kernel goes on accepting new ones. */
    void stop() throws IOException, InterruptedException {
        signal("STOP");
    }

    void goOn() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
