package dev.banyan.services.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ServiceSettingsTest {

    @Test
    void without_a_word_the_service_has_its_own_port_and_directory() {
        ServiceSettings settings = ServiceSettings.parse("accounts", 8081, List.of(), Map.of());

        assertThat(settings.host().isLoopbackAddress()).isTrue();
        assertThat(settings.port()).isEqualTo(8081);
        assertThat(settings.dataDirectory()).isEqualTo(Path.of("data/accounts"));
        assertThat(settings.exitWithParent()).isFalse();
    }

    @Test
    void a_flag_beats_the_environment() {
        Map<String, String> environment = Map.of("PORT", "1", "DATA_DIR", "/one");

        assertThat(ServiceSettings.parse("a", 0, List.of(), environment).port()).isEqualTo(1);
        assertThat(ServiceSettings.parse("a", 0, List.of("--port", "2", "--data", "/two"), environment))
                .returns(2, ServiceSettings::port)
                .returns(Path.of("/two"), ServiceSettings::dataDirectory);
    }

    @Test
    void it_listens_for_other_machines_only_if_told_to() {
        ServiceSettings settings = ServiceSettings.parse("a", 0, List.of("--host", "0.0.0.0"), Map.of("HOST", "x"));

        assertThat(settings.host().isAnyLocalAddress()).isTrue();
    }

    @Test
    void what_is_wrong_is_told_with_what_was_expected() {
        assertThatThrownBy(() -> ServiceSettings.parse("a", 0, List.of("--port", "x"), Map.of()))
                .hasMessage("--port: x (expected: 0 to 65535)");
        assertThatThrownBy(() -> ServiceSettings.parse("a", 0, List.of("--host", "192.0.2.1"), Map.of()))
                .hasMessage("--host: 192.0.2.1 (expected: an address of this machine)");
        assertThatThrownBy(() -> ServiceSettings.parse("a", 0, List.of("--dat"), Map.of()))
                .hasMessage(
                        "--dat: unknown (expected: --host, --port, --data, --exit-with-parent, --demo-bugs or --demo-writes)");
    }

    @Test
    void what_is_for_the_demo_is_for_this_machine_only() {
        assertThat(ServiceSettings.parse("a", 0, List.of("--demo-bugs"), Map.of()))
                .returns(true, ServiceSettings::demoBugs)
                .returns(false, ServiceSettings::demoWrites);
        assertThatThrownBy(() -> ServiceSettings.parse(
                        "a", 0, List.of("--demo-writes", "--demo-bugs", "--host", "0.0.0.0"), Map.of()))
                .hasMessage("--demo-bugs and --demo-writes: with --host 0.0.0.0"
                        + " (expected: a loopback address, such as 127.0.0.1)");
    }
}
