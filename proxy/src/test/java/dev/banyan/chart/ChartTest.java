package dev.banyan.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.settings.ListenAddress;
import dev.banyan.settings.SettingKeys;
import dev.banyan.settings.SettingSources;
import dev.banyan.settings.SettingSources.SettingFile;
import dev.banyan.settings.Settings;
import dev.banyan.settings.Switch;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What the chart puts into a cluster. */
final class ChartTest {

    @TempDir
    Path directory;

    private Helm helm;

    @BeforeEach
    void fetched() {
        helm = new Helm(directory);
    }

    private static Settings settings(Rendered rendered) {
        Settings.Reading reading = Settings.read(new SettingSources(
                Map.of(), Map.of(), Optional.of(new SettingFile("banyan.yaml", rendered.settings()))));
        assertThat(reading.problems()).isEmpty();
        assertThat(reading.warnings()).isEmpty();
        return reading.settings();
    }

    @ParameterizedTest
    @FieldSource(Variants.EACH)
    void a_strict_lint_finds_nothing(String values) throws Exception {
        Helm.Run lint = helm.lint(values);

        assertThat(lint.exitCode()).as(lint.out()).isZero();
        assertThat(lint.out()).doesNotContain("[WARNING]", "[ERROR]");
    }

    @ParameterizedTest
    @FieldSource(Variants.EACH)
    void no_pod_may_do_more_than_it_needs(String values) throws Exception {
        List<JsonNode> deployments = helm.render(values).all("Deployment");

        assertThat(deployments).hasSize(values.equals(Variants.EXAMPLE) ? 4 : 1);
        assertThat(deployments).allSatisfy(deployment -> {
            JsonNode pod = deployment.at("/spec/template/spec");
            assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
            assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(pod.at("/securityContext/runAsUser").asInt()).isPositive();
            assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
            assertThat(pod.path("containers")).hasSize(1);
            JsonNode container = pod.at("/containers/0");
            JsonNode security = container.path("securityContext");
            assertThat(security.path("allowPrivilegeEscalation").asBoolean(true))
                    .isFalse();
            assertThat(security.path("readOnlyRootFilesystem").asBoolean()).isTrue();
            assertThat(security.at("/capabilities/drop").toString()).isEqualTo("[\"ALL\"]");
            assertThat(container.at("/resources/limits/memory").asText()).isNotEmpty();
            assertThat(container.at("/resources/limits/cpu").asText()).isNotEmpty();
            assertThat(container.path("volumeMounts"))
                    .as("what can be written to")
                    .anyMatch(mount -> mount.path("mountPath").asText().equals("/tmp"))
                    .anyMatch(mount -> mount.path("mountPath").asText().equals("/var/lib/banyan/data"));
        });
    }

    @ParameterizedTest
    @FieldSource(Variants.EACH)
    void the_settings_are_ones_that_the_proxy_takes_and_fit_the_pod(String values) throws Exception {
        Rendered rendered = helm.render(values);

        Settings settings = settings(rendered);
        JsonNode container = rendered.proxyContainer();
        assertThat(container
                        .path("ports")
                        .toString()
                        .contains("{\"name\":\"http\",\"containerPort\":"
                                + settings.get(SettingKeys.LISTEN).port() + "}"))
                .isNotEqualTo(settings.get(SettingKeys.TLS_ONLY) == Switch.ON);
        assertThat(container
                        .path("ports")
                        .toString()
                        .contains("{\"name\":\"https\",\"containerPort\":"
                                + settings.get(SettingKeys.TLS_LISTEN).port() + "}"))
                .isNotEqualTo(settings.get(SettingKeys.TLS_CERTIFICATES).isEmpty());
        assertThat(container.path("ports").toString())
                .contains("{\"name\":\"health\",\"containerPort\":"
                        + settings.get(SettingKeys.HEALTH_LISTEN).port() + "}");
        assertThat(mountedAt(container, settings.get(SettingKeys.DATA))).isEqualTo("data");
        assertThat(mountedAt(container, settings.get(SettingKeys.ROUTES))).isEqualTo("routes");
        assertThat(container.path("env").toString())
                .contains("{\"name\":\"BANYAN_CONFIG\",\"value\":\"/etc/banyan/settings/banyan.yaml\"}")
                .contains("{\"name\":\"BANYAN_DATA\",\"value\":\"" + settings.get(SettingKeys.DATA) + "\"}");
        assertThat(mountedAt(container, Path.of("/etc/banyan/settings"))).isEqualTo("settings");
    }

    private static String mountedAt(JsonNode container, Path path) {
        for (JsonNode mount : container.path("volumeMounts")) {
            if (mount.path("mountPath").asText().equals(path.toString())) {
                assertThat(mount.has("subPath"))
                        .as("a subPath is never swapped")
                        .isFalse();
                return mount.path("name").asText();
            }
        }
        return "nothing";
    }

    @ParameterizedTest
    @FieldSource(Variants.EACH)
    void the_pod_gets_more_time_than_its_drain_takes(String values) throws Exception {
        Rendered rendered = helm.render(values);

        Settings settings = settings(rendered);
        long preStop =
                rendered.proxyContainer().at("/lifecycle/preStop/sleep/seconds").asLong();
        assertThat(preStop).isPositive();
        assertThat(rendered.proxyPod().path("terminationGracePeriodSeconds").asLong())
                .isGreaterThan(preStop
                        + settings.get(SettingKeys.DRAIN_DELAY).toSeconds()
                        + settings.get(SettingKeys.DRAIN_LIMIT).toSeconds());
    }

    @Test
    void without_a_wait_before_the_drain_there_is_no_hook() throws Exception {
        assertThat(helm.render("drain: { preStopSeconds: 0 }").proxyContainer().has("lifecycle"))
                .isFalse();
    }

    @Test
    void health_is_asked_and_metrics_are_scraped_on_the_health_port() throws Exception {
        Rendered rendered = helm.render(Variants.DEFAULT);

        JsonNode container = rendered.proxyContainer();
        assertThat(probe(container, "startupProbe")).isEqualTo("/livez health");
        assertThat(probe(container, "livenessProbe")).isEqualTo("/livez health");
        assertThat(probe(container, "readinessProbe")).isEqualTo("/readyz health");
        JsonNode annotations = rendered.proxy().at("/spec/template/metadata/annotations");
        assertThat(annotations.path("prometheus.io/scrape").asText()).isEqualTo("true");
        assertThat(annotations.path("prometheus.io/port").asText()).isEqualTo("9901");
        assertThat(annotations.path("prometheus.io/path").asText()).isEqualTo("/metrics");
    }

    private static String probe(JsonNode container, String name) {
        JsonNode get = container.path(name).path("httpGet");
        return get.path("path").asText() + " " + get.path("port").asText();
    }

    @ParameterizedTest
    @FieldSource(Variants.EACH)
    void nothing_leads_to_the_admin_port(String values) throws Exception {
        Rendered rendered = helm.render(values);

        ListenAddress admin = settings(rendered).get(SettingKeys.ADMIN_LISTEN);
        assertThat(admin.host()).isEqualTo("127.0.0.1");
        assertThat(rendered.all("Service"))
                .noneMatch(service -> service.toString().contains(Integer.toString(admin.port())));
        List<String> open = rendered.proxyContainer().path("ports").findValuesAsText("name");
        assertThat(open).isNotEmpty().isSubsetOf("http", "https", "health").contains("health");
        assertThat(rendered.one("NetworkPolicy", "banyan").at("/spec/ingress").findValuesAsText("port"))
                .containsExactlyElementsOf(open);
    }

    @ParameterizedTest
    @FieldSource(Variants.EACH)
    void every_selector_finds_its_pod_and_no_other(String values) throws Exception {
        Rendered rendered = helm.render(values);

        for (String kind : List.of("Service", "NetworkPolicy", "PodDisruptionBudget")) {
            assertThat(rendered.all(kind))
                    .isNotEmpty()
                    .allSatisfy(object -> assertThat(rendered.all("Deployment").stream()
                                    .filter(deployment -> selects(object, deployment)))
                            .hasSize(1));
        }
        assertThat(rendered.all("Deployment"))
                .allSatisfy(deployment ->
                        assertThat(selects(deployment, deployment)).isTrue());
    }

    private static boolean selects(JsonNode object, JsonNode deployment) {
        JsonNode labels = deployment.at("/spec/template/metadata/labels");
        JsonNode selector = object.at("/spec/selector/matchLabels");
        if (selector.isMissingNode()) {
            selector = object.at("/spec/podSelector/matchLabels");
        }
        if (selector.isMissingNode()) {
            selector = object.at("/spec/selector");
        }
        return !selector.isEmpty()
                && selector.properties().stream()
                        .allMatch(label -> label.getValue().equals(labels.path(label.getKey())));
    }

    @Test
    void the_data_is_on_a_volume_that_one_process_has_and_that_outlives_the_release() throws Exception {
        Rendered rendered = helm.render(Variants.DEFAULT);

        assertThat(rendered.proxy().at("/spec/strategy/type").asText()).isEqualTo("Recreate");
        JsonNode claim = rendered.one("PersistentVolumeClaim", "banyan-data");
        assertThat(claim.at("/metadata/annotations/helm.sh~1resource-policy").asText())
                .isEqualTo("keep");
        assertThat(rendered.proxyPod().path("volumes").toString())
                .contains("{\"name\":\"data\",\"persistentVolumeClaim\":{\"claimName\":\"banyan-data\"}}");
        Rendered own = helm.render("persistence: { existingClaim: mine }");
        assertThat(own.all("PersistentVolumeClaim")).isEmpty();
        assertThat(own.proxyPod().path("volumes").toString()).contains("{\"claimName\":\"mine\"}");
    }

    @Test
    void a_changed_route_restarts_nothing_and_a_changed_setting_restarts_the_proxy() throws Exception {
        JsonNode before = helm.render(Variants.DEFAULT).proxy();

        assertThat(helm.render("monolith: { url: \"http://elsewhere:80\" }").proxy())
                .isEqualTo(before);
        assertThat(helm.render("settings: { loops: 2 }").proxy()).isNotEqualTo(before);
        assertThat(helm.render("drain: { limitSeconds: 31 }").proxy()).isNotEqualTo(before);
    }

    @Test
    void signing_keys_come_from_a_secret_that_not_everybody_can_read() throws Exception {
        Rendered rendered = helm.render(Variants.EVERYTHING);

        assertThat(settings(rendered).get(SettingKeys.SIGNING_KEYS))
                .extracting(Object::toString)
                .containsExactly("file:/run/secrets/banyan/2026", "file:/run/secrets/banyan/2025");
        assertThat(mountedAt(rendered.proxyContainer(), Path.of("/run/secrets/banyan")))
                .isEqualTo("signing-keys");
        assertThat(rendered.proxyPod().path("volumes").toString())
                .contains("{\"secretName\":\"cookies\",\"defaultMode\":" + 0440 + "}");
    }

    @Test
    void certificates_come_from_secrets_that_are_mounted_whole_so_that_new_ones_need_no_restart() throws Exception {
        Rendered rendered = helm.render(Variants.TLS);

        Settings settings = settings(rendered);
        String tls = "/run/secrets/banyan-tls/";
        assertThat(settings.get(SettingKeys.TLS_CERTIFICATES))
                .extracting(Object::toString)
                .containsExactly(
                        tls + "money-tls/tls.crt:" + tls + "money-tls/tls.key",
                        tls + "partner.example.com/tls.crt:" + tls + "partner.example.com/tls.key");
        assertThat(settings.get(SettingKeys.ADMIN_CERTIFICATE)).contains(Path.of("/run/secrets/banyan-admin/tls.crt"));
        assertThat(settings.get(SettingKeys.ADMIN_CERTIFICATE_KEY))
                .contains(Path.of("/run/secrets/banyan-admin/tls.key"));
        JsonNode container = rendered.proxyContainer();
        assertThat(mountedAt(container, Path.of(tls + "money-tls"))).isEqualTo("tls-0");
        assertThat(mountedAt(container, Path.of(tls + "partner.example.com"))).isEqualTo("tls-1");
        assertThat(mountedAt(container, Path.of("/run/secrets/banyan-admin"))).isEqualTo("admin-tls");
        assertThat(container.path("env").toString())
                .contains("{\"name\":\"BANYAN_ADMIN_CA\",\"value\":\"/run/secrets/banyan-admin/tls.crt\"}");
        assertThat(rendered.proxyPod().path("volumes").toString())
                .contains("\"name\":\"tls-0\",\"secret\":{\"secretName\":\"money-tls\",\"defaultMode\":" + 0440 + "}")
                .contains("\"name\":\"tls-1\",\"secret\":{\"secretName\":\"partner.example.com\",\"defaultMode\":"
                        + 0440 + "}")
                .contains("\"name\":\"admin-tls\",\"secret\":{\"secretName\":\"banyan-admin-tls\",\"defaultMode\":"
                        + 0440 + "}");
        assertThat(rendered.one("Service", "banyan").at("/spec/ports").toString())
                .isEqualTo("[{\"name\":\"http\",\"port\":80,\"targetPort\":\"http\"},"
                        + "{\"name\":\"https\",\"port\":8443,\"targetPort\":\"https\"}]");
    }

    @Test
    void with_tls_only_no_door_without_it_is_left() throws Exception {
        Rendered rendered = helm.render(Variants.TLS_ONLY);

        assertThat(settings(rendered).get(SettingKeys.TLS_ONLY)).isEqualTo(Switch.ON);
        assertThat(rendered.one("Service", "banyan").at("/spec/ports").toString())
                .isEqualTo("[{\"name\":\"https\",\"port\":443,\"targetPort\":\"https\"}]");
        assertThat(helm.refusal("tls: { only: true }")).contains("there is no certificate, so nobody could connect");
        assertThat(helm.refusal("tls: { secrets: [ a ], only: true }\ningress: { enabled: true }"))
                .contains("tls.only: true closes the port that the Ingress asks; fix: ");
    }

    @Test
    void an_ingress_takes_its_host_and_certificate() throws Exception {
        JsonNode ingress = helm.render(Variants.INGRESS).one("Ingress", "banyan");

        assertThat(ingress.at("/spec/ingressClassName").asText()).isEqualTo("nginx");
        assertThat(ingress.at("/spec/tls").toString())
                .isEqualTo("[{\"secretName\":\"money-tls\",\"hosts\":[\"money.example.com\"]}]");
        assertThat(ingress.at("/spec/rules/0/host").asText()).isEqualTo("money.example.com");
        assertThat(ingress.at("/spec/rules/0/http/paths/0/backend/service").toString())
                .isEqualTo("{\"name\":\"banyan\",\"port\":{\"name\":\"http\"}}");
    }

    @Test
    void all_images_come_from_one_registry() throws Exception {
        String values = "example: { enabled: true }\nimage: { registry: registry.example.com/team/, tag: \"7\" }";

        assertThat(helm.render(values).all("Deployment"))
                .extracting(deployment ->
                        deployment.at("/spec/template/spec/containers/0/image").asText())
                .containsExactlyInAnyOrder(
                        "registry.example.com/team/banyan-proxy:7",
                        "registry.example.com/team/banyan-legacy-stub-rails:7",
                        "registry.example.com/team/banyan-accounts:7",
                        "registry.example.com/team/banyan-transactions:7");
    }

    @Test
    void a_second_replica_is_refused_with_a_sentence() throws Exception {
        assertThat(helm.refusal("replicas: 2"))
                .contains("replicas: 2 is too many: the file store belongs to one process", "fix: set replicas to 1");
    }

    @Test
    void a_misspelt_value_is_refused() throws Exception {
        assertThat(helm.refusal("", "--set", "replicaz=2")).contains("'replicaz' not allowed");
        assertThat(helm.refusal("drain: { limitSecond: 1 }")).contains("'limitSecond' not allowed");
        assertThat(helm.refusal("routes: { 00-platform.yml: \"banyan: 1\" }")).contains("00-platform.yml");
    }

    @Test
    void values_that_contradict_each_other_are_refused_with_a_sentence() throws Exception {
        assertThat(helm.refusal("settings: { listen: \":80\" }"))
                .contains("settings.listen: the chart sets it by itself; fix: leave it out");
        assertThat(helm.refusal("routes: { a.yaml: \"banyan: 1\" }\nroutesConfigMap: mine"))
                .contains("routes and routesConfigMap: the table can come from one of them only; fix: leave one out");
        assertThat(helm.refusal("signingKeys: { secret: cookies }")).contains("signingKeys.keys: empty");
        assertThat(helm.refusal("signingKeys: { keys: [ a ] }")).contains("signingKeys.secret: empty");
    }
}
