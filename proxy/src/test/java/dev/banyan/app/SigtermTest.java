package dev.banyan.app;

import static dev.banyan.testing.Handshake.ASKED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.testing.Handshake;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole process that is told to stop. */
class SigtermTest {
    private static final byte[] GOING_AWAY = {(byte) 0x88, 2, 0x03, (byte) 0xe9};
    private static final Pattern SERVING = Pattern.compile("serving on [^:]+:(\\d+)");

    @TempDir
    Path directory;

    @Test
    void what_is_under_way_is_answered_and_the_process_exits_with_0() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        try (RawUpstream rails = RawUpstream.running(connection -> {
            connection.readHead();
            awaitQuietly(answer);
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate");
        })) {
            Process process = serve(rails.port());
            try {
                int port = portOf(process);
                try (RawClient underWay = new RawClient(port);
                        RawClient silent = new RawClient(port)) {
                    underWay.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                    await().until(() -> !rails.heads().isEmpty());

                    process.destroy(); // SIGTERM
                    await().until(() -> isRefused(port));
                    answer.countDown();

                    assertThat(underWay.readHead()).startsWith("HTTP/1.1 200 ").contains("Connection: close\r\n");
                    assertThat(underWay.read(4)).isEqualTo("late");
                    assertThat(silent.readToEnd()).isEmpty();
                }
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(process.exitValue()).isZero();
            } finally {
                process.destroyForcibly();
            }
        }
    }

    @Test
    void a_websocket_lasts_until_the_limit_and_is_told_1001() throws Exception {
        try (RawUpstream rails = Handshake.echo()) {
            Process process = serve(rails.port(), "--drain-limit=2s");
            try {
                int port = portOf(process);
                try (RawClient client = new RawClient(port)) {
                    client.send(ASKED);
                    assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");

                    process.destroy(); // SIGTERM
                    await().until(() -> isRefused(port));

                    assertThat(client.input().readAllBytes()).isEqualTo(GOING_AWAY);
                }
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(process.exitValue()).isZero();
            } finally {
                process.destroyForcibly();
            }
        }
    }

    private Process serve(int railsPort, String... more) throws IOException {
        Path routes = Files.createDirectories(directory.resolve("routes"));
        Files.writeString(
                routes.resolve("platform.yaml"),
                "banyan: 1\ndefault: rails\nupstreams:\n  rails: { url: \"http://127.0.0.1:" + railsPort + "\" }\n");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.banyan.app.Main",
                "serve",
                "--listen=127.0.0.1:0",
                "--admin-listen=127.0.0.1:0",
                "--health-listen=127.0.0.1:0",
                "--log-access=off",
                "--data=" + directory.resolve("data"),
                "--routes=" + routes));
        command.addAll(List.of(more));
        return new ProcessBuilder(command)
                .redirectError(directory.resolve("stderr").toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private int portOf(Process process) {
        return await().atMost(60, TimeUnit.SECONDS).until(this::port, found -> found > 0 || !process.isAlive());
    }

    private int port() throws IOException {
        Path stderr = directory.resolve("stderr");
        Matcher serving = SERVING.matcher(Files.exists(stderr) ? Files.readString(stderr) : "");
        return serving.find() ? Integer.parseInt(serving.group(1)) : 0;
    }

    private static boolean isRefused(int port) {
        try (RawClient client = new RawClient(port)) {
            return client.socket().isClosed();
        } catch (IOException e) {
            return true;
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
