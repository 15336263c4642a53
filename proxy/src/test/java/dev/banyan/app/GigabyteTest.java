package dev.banyan.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bodies stream: a gigabyte each way costs no more memory than a megabyte. In a JVM of its own, with a small heap. */
class GigabyteTest {
    private static final long BODY_BYTES = 1L << 30;
    private static final int PIECE_BYTES = 1 << 16;
    private static final long ALLOWED_GROWTH_KIB = 64 * 1024;

    @TempDir
    private Path directory;

    @Test
    void a_gigabyte_up_and_down_leaves_the_memory_flat_with_a_heap_of_128_mb() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/status")), "memory is read from /proc");
        String piece = "x".repeat(PIECE_BYTES);
        try (RawUpstream rails = RawUpstream.running(connection -> serve(connection, piece));
                ServeProcess proxy = ServeProcess.start(directory, rails.port(), "-Xmx128m")) {
            download(proxy.port(), 64L << 20);
            upload(proxy.port(), 64L << 20, piece);
            long before = proxy.residentKib();

            download(proxy.port(), BODY_BYTES);
            upload(proxy.port(), BODY_BYTES, piece);

            assertThat(proxy.residentKib() - before).isLessThan(ALLOWED_GROWTH_KIB);
        }
    }

    /** {@code GET /N} gives N bytes; a POST is read to its end. */
    private static void serve(RawUpstream.Connection connection, String piece) throws IOException {
        for (String head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
            if (head.startsWith("GET")) {
                long bytes = Long.parseLong(head.substring(5, head.indexOf(' ', 5)));
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + bytes + "\r\n\r\n");
                for (long sent = 0; sent < bytes; sent += PIECE_BYTES) {
                    connection.write(piece);
                }
            } else {
                int at = head.indexOf("Content-Length: ") + 16;
                long bytes = Long.parseLong(head.substring(at, head.indexOf('\r', at)));
                for (long read = 0; read < bytes; read += PIECE_BYTES) {
                    connection.readBytes(PIECE_BYTES);
                }
                connection.write("HTTP/1.1 204 No Content\r\n\r\n");
            }
        }
    }

    private static void download(int port, long bytes) throws IOException {
        try (RawClient client = new RawClient(port)) {
            client.send("GET /" + bytes + " HTTP/1.1\r\nHost: a\r\n\r\n");
            client.readHead();
            byte[] buffer = new byte[PIECE_BYTES];
            long left = bytes;
            while (left > 0) {
                int read = client.input().read(buffer);
                assertThat(read).as("cut with %d bytes to come", left).isPositive();
                left -= read;
            }
        }
    }

    private static void upload(int port, long bytes, String piece) throws IOException {
        try (RawClient client = new RawClient(port)) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/octet-stream\r\nContent-Length: "
                    + bytes + "\r\n\r\n");
            for (long sent = 0; sent < bytes; sent += PIECE_BYTES) {
                client.send(piece);
            }
            assertThat(client.readHead()).startsWith("HTTP/1.1 204");
        }
    }

    /** {@code banyan serve} in a JVM of its own. */
    private record ServeProcess(Process process, int port) implements AutoCloseable {
        static ServeProcess start(Path directory, int railsPort, String heap) throws IOException {
            Path routes = Files.createDirectories(directory.resolve("routes"));
            Files.writeString(routes.resolve("a.yaml"), """
                    banyan: 1
                    default: rails
                    upstreams:
                      rails: { url: "http://127.0.0.1:%d" }
                    """.formatted(railsPort));
            int port = freePort();
            Process process = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            heap,
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            "dev.banyan.app.Main",
                            "serve",
                            "--listen",
                            "127.0.0.1:" + port,
                            "--admin-listen",
                            "127.0.0.1:0",
                            "--health-listen",
                            "127.0.0.1:0",
                            "--data",
                            directory.resolve("data").toString(),
                            "--routes",
                            routes.toString()))
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile())
                    .start();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> Files.readString(directory.resolve("log")).contains("serving on"));
            return new ServeProcess(process, port);
        }

        private static int freePort() throws IOException {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            }
        }

        long residentKib() throws IOException {
            return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                    .filter(line -> line.startsWith("VmRSS"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
