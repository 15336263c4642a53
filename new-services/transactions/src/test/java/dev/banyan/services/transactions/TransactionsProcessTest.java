package dev.banyan.services.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service as a process that is killed, told to stop, or left behind by its parent. */
final class TransactionsProcessTest {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final String ROW = "{\"account_id\":7,\"amount\":\"1.0\",\"description\":\"kept\"}";

    @TempDir
    private Path data;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endAll() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void what_was_acknowledged_outlives_kill_9_and_a_line_cut_short() throws Exception {
        Process first = start("--port", "0", "--data", data.toString());
        int port = portOf(first);
        List<String> acknowledged = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            acknowledged.add(post(port).body());
        }
        first.destroyForcibly().waitFor();
        Path journal = data.resolve("transactions.jsonl");
        Files.writeString(journal, "{\"kind\":\"transaction\",\"id\":1", StandardOpenOption.APPEND);

        int again = portOf(start("--port", "0", "--data", data.toString()));

        String list = get(again, "/api/transactions", "4").body();
        assertThat(acknowledged).allSatisfy(row -> assertThat(list).contains(row));
        assertThat(post(again).body()).startsWith("{\"id\":1000020,");
    }

    @Test
    void told_to_stop_it_fails_its_health_finishes_what_is_in_flight_and_ends_with_0() throws Exception {
        Process service = start("--port", "0", "--data", data.toString());
        int port = portOf(service);
        try (Socket half = new Socket(InetAddress.getLoopbackAddress(), port)) {
            half.setSoTimeout(10_000);
            send(
                    half,
                    "POST /api/transactions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
                            + ROW.length() + "\r\n\r\n");

            service.destroy();
            await().until(() -> get(port, "/health", "").statusCode() == 503);
            await().until(() -> refuses(port));
            send(half, ROW);
            String answer = new String(half.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 201 ").contains("\"description\":\"kept\"");
        }
        assertThat(service.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(service.exitValue()).isZero();
    }

    @Test
    void it_ends_with_its_standard_input() throws Exception {
        Process service = start("--port", "0", "--data", data.toString(), "--exit-with-parent");
        portOf(service);

        service.getOutputStream().close();

        assertThat(service.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(service.exitValue()).isZero();
    }

    @Test
    void a_taken_port_is_told_in_one_line_that_names_the_flag() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process service = start("--port", String.valueOf(taken.getLocalPort()), "--data", data.toString());
            String err = new String(service.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(service.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(service.exitValue()).isEqualTo(1);
            assertThat(err)
                    .isEqualTo("transactions: port " + taken.getLocalPort()
                            + " is taken on 127.0.0.1; choose another with --port\n");
        }
    }

    @Test
    void data_in_use_is_told_in_one_line_that_names_the_flag() throws Exception {
        portOf(start("--port", "0", "--data", data.toString()));

        Process second = start("--port", "0", "--data", data.toString());

        assertThat(second.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(1);
        assertThat(new String(second.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("in use by another process; choose another directory with --data");
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        // Java 24 and later warn on standard error of what Netty does, unless they are told that it may.
        if (Runtime.version().feature() >= 24) {
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), TransactionsService.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).start();
        started.add(process);
        return process;
    }

    private static int portOf(Process service) throws IOException {
        BufferedReader out = service.inputReader(StandardCharsets.UTF_8);
        String ready = out.readLine();
        assertThat(ready).matches("transactions listening on 127\\.0\\.0\\.1:\\d+");
        return Integer.parseInt(ready.substring(ready.lastIndexOf(':') + 1));
    }

    private static HttpResponse<String> post(int port) throws Exception {
        HttpResponse<String> answer = CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/transactions"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(ROW))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(201);
        return answer;
    }

    private static HttpResponse<String> get(int port, String path, String user) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        if (!user.isEmpty()) {
            request.header("X-User-Id", user);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean refuses(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return !socket.isConnected();
        } catch (IOException e) {
            return true;
        }
    }
}
