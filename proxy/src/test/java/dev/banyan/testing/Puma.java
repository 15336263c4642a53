package dev.banyan.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A real puma, which appends a line to a file for each request that it runs. */
public final class Puma implements AutoCloseable {
    private static final Pattern LISTENING = Pattern.compile("Listening on http://127\\.0\\.0\\.1:(\\d+)");
    private static final String APP = """
            run lambda { |env|
              File.open("executed", "a") { |file| file.write("#{env["REQUEST_METHOD"]} #{env["PATH_INFO"]}\\n") }
              [200, { "Content-Length" => "2" }, ["ok"]]
            }
            """;

    private final Process process;
    private final Path directory;
    private final int port;

    private Puma(Path directory) throws IOException {
        this.directory = directory;
        Files.writeString(directory.resolve("config.ru"), APP);
        Files.writeString(
                directory.resolve("puma.rb"), "bind 'tcp://127.0.0.1:0'\nthreads 4, 4\npersistent_timeout 1\n");
        process = new ProcessBuilder("puma", "-C", "puma.rb", "config.ru")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        port = listening(process.inputReader(StandardCharsets.UTF_8));
    }

    /** One that closes connections after a second of idleness; skips the test where there is no puma. */
    public static Puma closingIdleConnectionsAfterASecond(Path directory) throws IOException {
        boolean installed = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(place -> Files.isExecutable(Path.of(place, "puma")));
        if (!installed && "1".equals(System.getenv("BANYAN_REQUIRE_SERVERS"))) {
            throw new IllegalStateException("puma is not installed, and BANYAN_REQUIRE_SERVERS is 1");
        }
        assumeTrue(installed, "puma is not installed");
        return new Puma(directory);
    }

    private static int listening(BufferedReader said) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            all.append(line).append('\n');
            Matcher found = LISTENING.matcher(line);
            if (found.find()) {
                return Integer.parseInt(found.group(1));
            }
        }
        throw new IOException("puma did not start:\n" + all);
    }

    public int port() {
        return port;
    }

    /** A line each, such as {@code POST /7}. */
    public List<String> executed() throws IOException {
        return Files.readAllLines(directory.resolve("executed"));
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
