package dev.banyan.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.cli.ServeOptions;
import dev.banyan.cli.Surroundings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code banyan serve --check} says, and what {@code banyan serve} says of settings that cannot be used. */
final class ServeCheckTest {
    private static final String KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    @TempDir
    Path directory;

    private final Map<String, String> environment = new HashMap<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

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
        environment.put("BANYAN_DATA", directory.resolve("data").toString());
        environment.put("BANYAN_ROUTES", directory.resolve("routes").toString());
    }

    private int run(String yaml, boolean check) throws IOException {
        Path file = directory.resolve("banyan.yaml");
        Files.writeString(file, yaml);
        return run(new ServeOptions(Map.of(), Optional.of(file), check));
    }

    private int run(ServeOptions options) throws IOException {
        return new Serve(new Surroundings(
                        new PrintWriter(out, true),
                        new PrintWriter(err, true),
                        environment,
                        false,
                        directory,
                        Clock.systemUTC()))
                .run(options);
    }

    @Test
    void what_could_start_is_told_so_and_nothing_is_made() throws Exception {
        assertThat(run("log: { access: off }", true)).isZero();

        assertThat(out.toString()).isEqualTo("it could start\n");
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @Test
    void mistakes_in_settings_ports_directories_secrets_and_routes_are_told_together() throws Exception {
        Files.writeString(directory.resolve("routes/b.yaml"), "banyan: 1\nrouts: {}\n");
        environment.put("SHORT", "c2hvcnQ=");
        environment.put("BANYAN_LISTN", "8080");
        environment.remove("BANYAN_DATA");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            environment.put("BANYAN_ADMIN_LISTEN", "127.0.0.1:" + taken.getLocalPort());

            assertThat(run("""
                    data: /dev/null
                    signing-keys: [ env:SHORT, env:NOWHERE, file:/nowhere ]
                    log: { access: /nowhere/access.log, level: chatty }
                    """, true)).isEqualTo(1);

            String file = directory.resolve("banyan.yaml").toString();
            assertThat(out.toString().lines())
                    .anyMatch(line -> line.startsWith("warning: BANYAN_LISTN: no such setting")
                            && line.endsWith("did you mean BANYAN_LISTEN?"))
                    .anyMatch(line -> line.startsWith(file + ":3:44: log.level: chatty is not known here"))
                    .anyMatch(line -> line.startsWith(file + ":2:15: signing-keys: env:SHORT: a key of 5 bytes"))
                    .anyMatch(line ->
                            line.startsWith(file + ":2:15: signing-keys: env:NOWHERE: there is no such variable"))
                    .anyMatch(
                            line -> line.startsWith(file + ":2:15: signing-keys: file:/nowhere: there is no such file"))
                    .anyMatch(line ->
                            line.startsWith("BANYAN_ADMIN_LISTEN: cannot listen on 127.0.0.1:" + taken.getLocalPort()))
                    .anyMatch(line -> line.startsWith(file + ":1:7: data: /dev/null cannot be written"))
                    .anyMatch(
                            line -> line.startsWith(file + ":3:16: log.access: /nowhere/access.log cannot be written"))
                    .anyMatch(line ->
                            line.contains("b.yaml:2:1: routs: no such key") && line.endsWith("did you mean routes?"))
                    .anyMatch(line -> line.equals("8 problems"));
        }
        assertThat(out.toString()).doesNotContain("c2hvcnQ=");
    }

    @Test
    void two_listeners_cannot_have_one_port() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        environment.put("BANYAN_LISTEN", "127.0.0.1:" + port);
        environment.put("BANYAN_HEALTH_LISTEN", "127.0.0.1:" + port);

        assertThat(run("", true)).isEqualTo(1);

        assertThat(out.toString()).startsWith("BANYAN_HEALTH_LISTEN: cannot listen on 127.0.0.1:" + port);
    }

    @Test
    void an_admin_address_that_others_reach_wants_to_be_told_so() throws Exception {
        environment.put("BANYAN_ADMIN_LISTEN", "0.0.0.0:0");

        assertThat(run("", true)).isEqualTo(1);
        assertThat(out.toString())
                .startsWith("BANYAN_ADMIN_LISTEN: not a loopback address, and tokens would cross the network");

        environment.put("BANYAN_ADMIN_INSECURE", "true");
        assertThat(run("", true)).isZero();
    }

    @Test
    void problems_of_the_file_are_told_from_its_top_to_its_end() throws Exception {
        run("loops: x\nlisen: 1\nadmin: { listn: 1 }\ndrain: { limit: 1 }\n", true);

        assertThat(out.toString().lines().filter(line -> line.contains("banyan.yaml:")))
                .extracting(line -> line.replaceFirst(".*banyan.yaml:([0-9]+):.*", "$1"))
                .containsExactly("1", "2", "3", "4");
    }

    @Test
    void serve_does_not_start_with_settings_that_cannot_be_used() throws Exception {
        assertThat(run("lisen: 8080\nloops: -1\n", false)).isEqualTo(2);

        assertThat(err.toString().lines()).hasSize(3).first().isEqualTo("banyan: these settings cannot be used");
        assertThat(err.toString()).contains("did you mean listen?", "loops: -1 is too few");
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @Test
    void a_settings_file_that_is_named_and_not_there_stops_the_start() throws Exception {
        Path missing = directory.resolve("missing.yaml");

        assertThat(run(new ServeOptions(Map.of(), Optional.of(missing), false))).isEqualTo(2);

        assertThat(err.toString())
                .contains("settings file " + missing + ": there is no such file; fix: name another by --config FILE");
    }

    @Test
    void a_secret_that_every_user_of_the_machine_can_read_is_warned_of() throws Exception {
        Path open = Files.writeString(directory.resolve("open.key"), KEY + "\n");
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(run("signing-keys: file:" + open, true)).isZero();
        assertThat(out.toString()).contains("warning: ", "every user of this machine can read it");

        out.getBuffer().setLength(0);
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(run("signing-keys: file:" + open, true)).isZero();
        assertThat(out.toString()).isEqualTo("it could start\n");
    }

    @Test
    void a_signing_key_that_is_no_base64_or_stands_there_twice_is_refused() throws Exception {
        environment.put("A", KEY);
        environment.put("B", KEY);
        environment.put("C", "not base64, and 32 bytes or more of it");

        assertThat(run("signing-keys: [ env:A, env:B, env:C ]", true)).isEqualTo(1);

        assertThat(out.toString())
                .contains("env:B: the same key as one before it", "env:C: not base64; fix: make one by `openssl rand")
                .doesNotContain(KEY, "32 bytes or more of it");
    }
}
