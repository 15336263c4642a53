package dev.banyan.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.controlplane.admin.AdminSettings;
import dev.banyan.dataplane.listener.ConnectionLimits;
import dev.banyan.dataplane.message.HeadLimits;
import dev.banyan.dataplane.message.Http2Limits;
import dev.banyan.dataplane.tls.CertificateFiles;
import dev.banyan.dataplane.tls.TlsSettings;
import dev.banyan.dataplane.upstream.AddressRules;
import dev.banyan.dataplane.wire.ClientTimeouts;
import dev.banyan.net.Networks;
import dev.banyan.output.LogFiles;
import dev.banyan.settings.SettingKeys;
import dev.banyan.settings.SettingSources;
import dev.banyan.settings.Settings;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From settings to a proxy. */
final class ServeSettingsTest {
    private final LogFiles logFiles = new LogFiles();

    @AfterEach
    void closeLogFiles() {
        logFiles.close();
    }

    @TempDir
    Path directory;

    private static Settings settings(Map<String, String> environment, String yaml) {
        Settings.Reading reading = Settings.read(new SettingSources(
                Map.of(), environment, Optional.of(new SettingSources.SettingFile("banyan.yaml", yaml))));
        assertThat(reading.problems()).isEmpty();
        return reading.settings();
    }

    @Test
    void the_defaults_of_the_table_are_those_of_the_parts() throws Exception {
        ProxySettings proxy = ServeSettings.of(settings(Map.of(), ""), Optional.empty(), logFiles);

        assertThat(proxy.dataPlane().timeouts()).isEqualTo(ClientTimeouts.DEFAULT);
        assertThat(proxy.dataPlane().listen().connections()).isEqualTo(ConnectionLimits.DEFAULT);
        assertThat(proxy.dataPlane().listen().heads()).isEqualTo(HeadLimits.DEFAULT);
        assertThat(proxy.dataPlane().listen().http2()).isEqualTo(Http2Limits.DEFAULT);
        assertThat(proxy.admin().admin()).isEqualTo(AdminSettings.DEFAULT_ADMIN);
        assertThat(proxy.admin().health()).isEqualTo(AdminSettings.DEFAULT_HEALTH);
        assertThat(proxy.signingKeys()).isEmpty();
    }

    @Test
    void every_key_reaches_the_part_that_it_is_for() throws Exception {
        Path log = directory.resolve("access.log");
        ProxySettings proxy = ServeSettings.of(settings(Map.of(), """
                listen: 127.0.0.1:1
                trusted-proxies: [ 10.0.0.0/8, "::1" ]
                proxy-protocol: on
                link-local-upstreams: [ 169.254.1.0/24 ]
                tls:
                  listen: 127.0.0.1:4
                  certificates: [ { certificate: /a.crt, key: "file:/a.key", names: [ bank.test ] }, "/b.crt:/b.key" ]
                routes: /r
                data: /d
                debug-headers: true
                loops: 3
                admin: { listen: "127.0.0.1:2", insecure: true, allowed-hosts: [ b.internal ] }
                health: { listen: "127.0.0.1:3" }
                log: { access: %s }
                timeouts: { head: 1s, keep-alive: 2s, idle: 3s, linger: 4s, tunnel: 8s }
                limits: { body-rate: 1KiB, body-grace: 5s, connections: 6, connections-per-client: 7, head: 8KiB, head-fields: 20, streams: 9, stream-window: 128KiB, connection-window: 2MiB }
                """.formatted(log)), Optional.empty(), logFiles);

        assertThat(proxy.data()).isEqualTo(Path.of("/d"));
        assertThat(proxy.routes()).isEqualTo(Path.of("/r"));
        assertThat(proxy.dataPlane().listen().plain().orElseThrow().getPort()).isEqualTo(1);
        assertThat(proxy.dataPlane().listen().trustedProxies()).isEqualTo(Networks.of("10.0.0.0/8", "::1"));
        assertThat(proxy.dataPlane().listen().proxyProtocol()).isTrue();
        TlsSettings tls = proxy.dataPlane().listen().tls().orElseThrow();
        assertThat(tls.address().getPort()).isEqualTo(4);
        assertThat(tls.certificates())
                .containsExactly(
                        new CertificateFiles(Path.of("/a.crt"), Path.of("/a.key"), List.of("bank.test")),
                        new CertificateFiles(Path.of("/b.crt"), Path.of("/b.key"), List.of()));
        assertThat(proxy.dataPlane().listen().connections()).isEqualTo(new ConnectionLimits(6, 7));
        assertThat(proxy.dataPlane().listen().heads()).isEqualTo(HeadLimits.ofRequests(8192, 20));
        assertThat(proxy.dataPlane().listen().http2()).isEqualTo(new Http2Limits(9, 128 * 1024, 2 * 1024 * 1024));
        AddressRules rules = proxy.dataPlane().addressRules();
        assertThat(rules.refusal(new InetSocketAddress("169.254.1.7", 80))).isNull();
        assertThat(rules.refusal(new InetSocketAddress("169.254.2.7", 80))).isNotNull();
        assertThat(proxy.dataPlane().eventLoops()).isEqualTo(3);
        assertThat(proxy.dataPlane().debugHeaders()).isTrue();
        ClientTimeouts timeouts = proxy.dataPlane().timeouts();
        assertThat(timeouts.head()).isEqualTo(Duration.ofSeconds(1));
        assertThat(timeouts.keepAlive()).isEqualTo(Duration.ofSeconds(2));
        assertThat(timeouts.idle()).isEqualTo(Duration.ofSeconds(3));
        assertThat(timeouts.linger()).isEqualTo(Duration.ofSeconds(4));
        assertThat(timeouts.tunnelIdle()).isEqualTo(Duration.ofSeconds(8));
        assertThat(timeouts.bodyRate().bytesPerSecond()).isEqualTo(1024);
        assertThat(timeouts.bodyRate().grace()).isEqualTo(Duration.ofSeconds(5));
        assertThat(proxy.admin().admin()).hasToString("127.0.0.1:2");
        assertThat(proxy.admin().adminInsecure()).isTrue();
        assertThat(proxy.admin().allowedHosts()).containsExactly("b.internal");
        assertThat(proxy.admin().health()).hasToString("127.0.0.1:3");
        assertThat(proxy.dataPlane().accessLog())
                .hasValueSatisfying(channel -> assertThat(log).exists());
        proxy.dataPlane().accessLog().orElseThrow().close();
        assertThat(ServeSettings.of(settings(Map.of(), "log: { access: off }"), Optional.empty(), logFiles)
                        .dataPlane()
                        .accessLog())
                .isEmpty();
    }

    @Test
    void without_certificates_there_is_no_tls_and_with_tls_only_nothing_else() throws Exception {
        assertThat(ServeSettings.of(settings(Map.of(), "log: { access: off }"), Optional.empty(), logFiles)
                        .dataPlane()
                        .listen()
                        .tls())
                .isEmpty();
        String only = "{ log: { access: off }, tls: { only: on, certificates: [ a.crt:a.key ] } }";
        assertThat(ServeSettings.of(settings(Map.of(), only), Optional.empty(), logFiles)
                        .dataPlane()
                        .listen()
                        .plain())
                .isEmpty();
        assertThat(ServeSettings.problems(settings(Map.of(), "tls: { only: on }")))
                .singleElement()
                .asString()
                .contains("tls.only: on, but there is no certificate, so nobody could connect; fix: name one");
    }

    @Test
    void a_proxy_header_that_nobody_may_send_is_a_problem() {
        assertThat(ServeSettings.problems(settings(Map.of(), "proxy-protocol: on")))
                .singleElement()
                .hasToString(
                        "banyan.yaml:1:17: proxy-protocol: on, but there is no trusted proxy to send it, so nobody could"
                                + " connect; fix: name its networks: trusted-proxies: [ 10.0.0.0/8 ]");
        assertThat(ServeSettings.problems(settings(Map.of(), ""))).isEmpty();
    }

    @Test
    void the_settings_in_force_are_shown_with_their_source_and_without_secrets() throws Exception {
        String secret = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
        Files.createDirectories(directory.resolve("routes"));
        Map<String, String> environment = Map.of(
                "KEY", secret,
                "BANYAN_DATA", directory.resolve("data").toString(),
                "BANYAN_ROUTES", directory.resolve("routes").toString());
        Settings settings = settings(environment, """
                listen: 127.0.0.1:0
                admin: { listen: 127.0.0.1:0 }
                health: { listen: 127.0.0.1:0 }
                signing-keys: [ env:KEY ]
                """);
        SecretReader secrets = new SecretReader(environment);
        var keys = SigningSecrets.read(settings.setting(SettingKeys.SIGNING_KEYS), secrets);
        assertThat(keys).isPresent();

        try (BanyanProxy proxy = BanyanProxy.start(ServeSettings.of(settings, keys, logFiles), Clock.systemUTC())) {
            String token =
                    Files.readString(directory.resolve("data/admin.token")).strip();
            HttpResponse<String> response = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + proxy.adminPort() + "/v1/settings"))
                                    .header("Authorization", "Bearer " + token)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());

            assertThat(response.body())
                    .contains("""
                            {"name":"listen","value":"127.0.0.1:0","source":"banyan.yaml:1:9"}""")
                    .contains("""
                            {"name":"signing-keys","value":["env:KEY"],"source":"banyan.yaml:4:15"}""")
                    .contains("\"source\":\"environment BANYAN_DATA\"")
                    .contains("""
                            {"name":"drain.limit","value":"30s","source":"default"}""")
                    .doesNotContain(secret);
            assertThat(directory.resolve("data/signing.key")).doesNotExist();
        }
    }
}
