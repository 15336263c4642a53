package dev.banyan.controlplane.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.banyan.pem.PemFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminTlsTest {
    private static final AdminSettings.Address LOOPBACK = new AdminSettings.Address("127.0.0.1", 0);
    private static final char[] PASSWORD = "not a secret".toCharArray();

    @TempDir
    Path data;

    @TempDir
    Path files;

    @Test
    void with_a_certificate_it_may_listen_beyond_loopback_and_speaks_nothing_but_TLS() throws Exception {
        Certificate certificate = writePair("one");
        AdminSettings.Address all = new AdminSettings.Address("0.0.0.0", 0);

        try (TestAdmin admin = TestAdmin.with(settings(all), data)) {
            assertThat(status(admin, certificate)).isEqualTo(200);
            assertThatThrownBy(() -> admin.get("/v1/table")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_new_certificate_is_taken_without_a_restart() throws Exception {
        Certificate first = writePair("one");
        try (TestAdmin admin = TestAdmin.with(settings(LOOPBACK), data)) {
            assertThat(status(admin, first)).isEqualTo(200);

            Certificate second = writePair("two");

            await().atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(status(admin, second)).isEqualTo(200));
            assertThatThrownBy(() -> status(admin, first)).isInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void a_new_certificate_that_cannot_be_used_leaves_the_old_one_in_force_until_a_good_one_comes() throws Exception {
        Certificate first = writePair("one");
        try (TestAdmin admin = TestAdmin.with(settings(LOOPBACK), data)) {
            Files.writeString(files.resolve("tls.crt"), "half of a cert");
            assertThat(status(admin, first)).isEqualTo(200);

            Certificate second = writePair("two");

            await().atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(status(admin, second)).isEqualTo(200));
        }
    }

    @Test
    void a_certificate_that_is_not_there_stops_the_start_and_says_which() {
        assertThatThrownBy(() -> TestAdmin.with(settings(LOOPBACK), data))
                .hasMessageContaining("admin.certificate: ")
                .hasMessageContaining("tls.crt")
                .hasMessageContaining("fix: ");
    }

    @Test
    void a_key_of_another_certificate_stops_the_start_and_says_so() throws Exception {
        writePair("one");
        String certificate = Files.readString(files.resolve("tls.crt"));
        writePair("two");
        Files.writeString(files.resolve("tls.crt"), certificate);

        assertThatThrownBy(() -> TestAdmin.with(settings(LOOPBACK), data))
                .hasMessageContaining("admin.certificate: ")
                .hasMessageContaining("tls.key: is not the key of ")
                .hasMessageContaining("fix: ");
    }

    private AdminSettings settings(AdminSettings.Address address) {
        return new AdminSettings(
                address,
                LOOPBACK,
                List.of(),
                false,
                Optional.of(new AdminSettings.Certificate(
                        new PemFile(files.resolve("tls.crt")), new PemFile(files.resolve("tls.key")))));
    }

    /** With a client of its own: one that is kept would keep its connection. */
    private static int status(TestAdmin admin, Certificate trusted) throws Exception {
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("banyan", trusted);
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trust);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        HttpClient client = HttpClient.newBuilder()
                .sslContext(context)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
        return client.send(
                        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + admin.port() + "/v1/table"))
                                .header("Authorization", "Bearer " + admin.token)
                                .timeout(Duration.ofSeconds(10))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    /** Made by the JDK's own keytool: a certificate for 127.0.0.1, signed by itself. */
    private Certificate writePair(String name) throws Exception {
        Path store = files.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "banyan",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(keytool.exitValue()).isZero();
        KeyStore pair = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            pair.load(in, PASSWORD);
        }
        Files.writeString(
                files.resolve("tls.key"),
                pem("PRIVATE KEY", pair.getKey("banyan", PASSWORD).getEncoded()));
        Files.writeString(
                files.resolve("tls.crt"),
                pem("CERTIFICATE", pair.getCertificate("banyan").getEncoded()));
        return pair.getCertificate("banyan");
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(bytes)
                + "\n-----END " + what + "-----\n";
    }
}
