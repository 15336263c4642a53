package dev.banyan.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.cli.ServeOptions;
import dev.banyan.cli.Surroundings;
import dev.banyan.testing.TestCertificate;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
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

    /** Certificates and keys as people get them wrong, and what is said of each. */
    @Test
    void certificates_keys_and_cas_that_are_no_good_are_told_all_at_once() throws Exception {
        TestCertificate ca = TestCertificate.ca("ca");
        TestCertificate good = ca.signs("bank.test");
        TestCertificate old = ca.signsUntil(Instant.parse("2024-02-29T12:00:00Z"), "old.test");
        Path key = good.writeKey(directory.resolve("good.key"));
        Path chain = pem("good.crt", good, ca);
        Path folder = Files.createDirectories(directory.resolve("folder"));
        Path garbage = Files.writeString(directory.resolve("garbage.pem"), "-----BEGIN CERTIFICATE-----\nno\n");
        Path encrypted = Files.writeString(
                directory.resolve("encrypted.key"),
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
        Path missing = directory.resolve("missing.pem");
        Path expired = pem("expired.crt", old);
        Path caFirst = pem("ca-first.crt", ca, good);
        Path stranger = pem("stranger.crt", good, TestCertificate.ca("stranger"));
        Path expiredKey = old.writeKey(directory.resolve("expired.key"));
        table(missing, garbage, expired, pem("ca.crt", ca));

        assertThat(run(
                        "log: { access: off }\ntls:\n  listen: 127.0.0.1:0\n  certificates:\n"
                                + pair(chain, key)
                                + pair(chain, expiredKey)
                                + pair(chain, encrypted)
                                + pair(chain, garbage)
                                + pair(expired, expiredKey)
                                + pair(garbage, missing)
                                + pair(folder, key)
                                + pair(caFirst, key)
                                + pair(stranger, key),
                        true))
                .isEqualTo(1);

        assertThat(out.toString().lines())
                .filteredOn(line -> !line.startsWith("warning: "))
                .containsExactly(
                        expiredKey + ": is not the key of " + chain + "; fix: write the two that were made together",
                        encrypted + ": is encrypted; fix: openssl pkey -in " + encrypted + " -out KEY",
                        garbage + ": has no private key in it; fix: write one in PEM",
                        expired + ": has expired on 2024-02-29T12:00:00Z; fix: renew it",
                        garbage + ": has something in it that is no certificate in PEM; fix: write it again",
                        missing + ": is not there; fix: write it, or name another",
                        folder + ": is a directory; fix: name a PEM file that the proxy may read",
                        caFirst + ": the certificate of the key " + key
                                + " stands at place 2; fix: write it first, then each one's CA behind it",
                        stranger + ": its certificate number 2 is not the CA of number 1; fix: write the server's own"
                                + " first, then each one's CA behind it",
                        expired + ": every CA in it has expired; fix: write those that are valid",
                        "10 problems");
    }

    private Path pem(String name, TestCertificate... chain) throws Exception {
        StringBuilder pem = new StringBuilder();
        for (TestCertificate each : chain) {
            pem.append(TestCertificate.pem("CERTIFICATE", each.certificate().getEncoded()));
        }
        return Files.writeString(directory.resolve(name), pem);
    }

    private static String pair(Path certificate, Path key) {
        return "    - { certificate: \"%s\", key: \"file:%s\" }\n".formatted(certificate, key);
    }

    /** One upstream for each file of CAs. */
    private void table(Path... authorities) throws IOException {
        StringBuilder yaml = new StringBuilder("banyan: 1\ndefault: u0\nupstreams:\n");
        for (int i = 0; i < authorities.length; i++) {
            yaml.append(
                    "  u%d: { url: \"https://127.0.0.1:3000\", tls: { ca: \"%s\" } }\n".formatted(i, authorities[i]));
        }
        Files.writeString(directory.resolve("routes/a.yaml"), yaml);
    }

    @Test
    void half_of_the_admin_endpoints_pair_is_told() throws Exception {
        assertThat(run("admin: { certificate: /tls.crt, listen: \"127.0.0.1:0\" }\n", true))
                .isEqualTo(1);

        assertThat(out.toString()).contains("admin.certificate: without admin.certificate-key; fix: name both files");
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
        // Few enough connections for the file descriptors of any machine.
        assertThat(run("lisen: 8080\nloops: -1\nlimits: { connections: 10 }\n", false))
                .isEqualTo(2);

        assertThat(err.toString().lines()).hasSize(3).first().isEqualTo("banyan: these settings cannot be used");
        assertThat(err.toString()).contains("did you mean listen?", "loops: -1 is too few");
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @Test
    void a_limit_of_connections_that_is_none_is_told_with_all_else() throws Exception {
        assertThat(run("loops: -1\nlimits: { connections: abc }\n", false)).isEqualTo(2);

        assertThat(err.toString()).contains("limits.connections: abc is no whole number", "loops: -1 is too few");
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
