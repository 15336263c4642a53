package dev.banyan.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A part of the demo in a JVM of its own. It ends when its standard input does, so it never outlives this process, however that ends.
 */
final class ChildJvm implements AutoCloseable {
    private static final int START_SECONDS = 60;
    private static final int STOP_SECONDS = 5;

    private final String name;
    private final Process process;
    private final CompletableFuture<String> listening = new CompletableFuture<>();
    private volatile String lastLine = "";

    private ChildJvm(String name, Process process) {
        this.name = name;
        this.process = process;
        Thread reader = new Thread(this::readOutput, "banyan-child-" + name);
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts it; {@link #awaitListening} says when it is there.
     *
     * @param classPath a directory with its jars
     * @param log where its standard error goes
     */
    static ChildJvm start(String name, Path classPath, String mainClass, Path log, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-Xmx128m", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
        // Libraries turn names of the program into capitals, which in some languages are other ones.
        command.add("-Duser.language=en");
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        if (Runtime.version().feature() >= 23) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(List.of("-cp", classPath + "/*", mainClass));
        command.addAll(arguments);
        command.add("--exit-with-parent");
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        return new ChildJvm(name, process);
    }

    private void readOutput() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                lastLine = line;
                if (line.contains("listening on")) {
                    listening.complete(line);
                }
            }
            listening.completeExceptionally(new IOException(name + " ended before it listened: " + lastLine));
        } catch (IOException e) {
            listening.completeExceptionally(e);
        }
    }

    /** Returns once it takes connections. */
    void awaitListening() throws IOException {
        try {
            listening.get(START_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException(
                    String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()), e);
        } catch (TimeoutException e) {
            throw new IOException(name + " did not start within " + START_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + name + " was starting", e);
        }
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
