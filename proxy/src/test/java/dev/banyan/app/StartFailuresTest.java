package dev.banyan.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.cli.ServeOptions;
import dev.banyan.cli.Surroundings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code banyan serve} says when it cannot start: where, what, and what to do. */
final class StartFailuresTest {
    @TempDir
    Path directory;

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void right() throws IOException {
        Files.createDirectories(directory.resolve("routes"));
        Files.writeString(directory.resolve("routes/a.yaml"), """
                banyan: 1
                default: rails
                upstreams:
                  rails: { url: "http://127.0.0.1:3000" }
                """);
        environment.put("BANYAN_LISTEN", "127.0.0.1:0");
        environment.put("BANYAN_ADMIN_LISTEN", "127.0.0.1:0");
        environment.put("BANYAN_HEALTH_LISTEN", "127.0.0.1:0");
        environment.put("BANYAN_LOG_ACCESS", "off");
        environment.put("BANYAN_DATA", directory.resolve("data").toString());
        environment.put("BANYAN_ROUTES", directory.resolve("routes").toString());
    }

    private String failure() {
        Surroundings surroundings = new Surroundings(
                new PrintWriter(new StringWriter()),
                new PrintWriter(new StringWriter()),
                environment,
                false,
                directory,
                Clock.systemUTC());
        Throwable failure = Assertions.catchThrowable(
                () -> new Serve(surroundings).run(new ServeOptions(Map.of(), Optional.empty(), false)));
        assertThat(failure).isInstanceOf(IOException.class);
        return String.valueOf(failure.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"BANYAN_LISTEN", "BANYAN_ADMIN_LISTEN", "BANYAN_HEALTH_LISTEN"})
    void a_port_that_is_taken(String variable) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            environment.put(variable, address);

            assertThat(failure())
                    .isEqualTo("cannot listen on " + address
                            + ": something listens there already; fix: stop it, or choose another address");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "BANYAN_LISTEN, 203.0.113.7:0, no address of this machine",
        "BANYAN_HEALTH_LISTEN, 203.0.113.7:0, no address of this machine",
        "BANYAN_LISTEN, no.such.host.invalid:0, the name has no address"
    })
    void an_address_that_is_none_here(String variable, String address, String what) {
        environment.put(variable, address);

        assertThat(failure()).startsWith("cannot listen on " + address + ": " + what + "; fix: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "file/data"})
    void a_data_directory_that_is_none(String name) throws Exception {
        Files.writeString(directory.resolve("file"), "");
        Path data = directory.resolve(name);
        environment.put("BANYAN_DATA", data.toString());

        assertThat(failure())
                .isEqualTo(
                        "data: " + data + " cannot be used (it is no directory, or lies in none); fix: name a directory"
                                + " that this process may write to, by --data DIR");
    }

    @Test
    void a_disk_that_cannot_be_written_to() {
        Path data = directory.resolve("data");
        String lock = data.resolve("lock").toString();
        String elsewhere = "name a directory that this process may write to, by --data DIR";

        assertThat(told(data, new FileSystemException(lock, null, "Read-only file system")))
                .isEqualTo(
                        "data: " + data + " cannot be used (" + lock + ": Read-only file system); fix: " + elsewhere);
        assertThat(told(data, new AccessDeniedException(directory.toString())))
                .isEqualTo(
                        "data: " + data + " cannot be used (" + directory + ": permission denied); fix: " + elsewhere);
        assertThat(told(data, new IOException("No space left on device")))
                .isEqualTo("data: " + data
                        + " cannot be used (No space left on device); fix: free some of its disk, or " + elsewhere);
    }

    @Test
    void what_is_not_about_the_data_directory_or_says_already_what_to_do_is_left_as_it_is() {
        Path data = directory.resolve("data");

        assertThat(told(data, new FileSystemException("/elsewhere/a.log", null, "Read-only file system")))
                .isEqualTo("/elsewhere/a.log: Read-only file system");
        assertThat(told(data, new IOException("x: No space left on device; fix: buy some")))
                .isEqualTo("x: No space left on device; fix: buy some");
    }

    private static String told(Path data, IOException failure) {
        return String.valueOf(DataDirectoryFailure.told(data, failure).getMessage());
    }
}
