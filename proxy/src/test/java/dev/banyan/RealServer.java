package dev.banyan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** A server of somebody else's, started by a test. */
public final class RealServer implements AutoCloseable {
    private final Process process;
    private final Path log;

    private RealServer(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Skips the test where the program is not installed, and fails it where it must be: in CI. */
    public static void require(Path... programs) {
        for (Path program : programs) {
            boolean there = Files.exists(program);
            assertThat(there || !"1".equals(System.getenv("BANYAN_REQUIRE_SERVERS")))
                    .as("%s is installed, as BANYAN_REQUIRE_SERVERS=1 demands", program)
                    .isTrue();
            assumeTrue(there, () -> program + " is not installed");
        }
    }

    /** Returns once something listens on {@code port}. */
    public static RealServer start(Path directory, int port, List<String> command) throws IOException {
        Path log = directory.resolve("log");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        RealServer server = new RealServer(process, log);
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> server.listens(port));
        return server;
    }

    private boolean listens(int port) throws IOException {
        assertThat(process.isAlive())
                .as("it runs; it said %s", Files.readString(log))
                .isTrue();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Whether it has not given up since. */
    public boolean runs() {
        return process.isAlive();
    }

    /** One that was free just now. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }
}
