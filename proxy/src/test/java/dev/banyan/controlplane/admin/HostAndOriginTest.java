package dev.banyan.controlplane.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostAndOriginTest {
    @TempDir
    Path data;

    private TestAdmin admin;

    @BeforeEach
    void start() throws Exception {
        AdminSettings.Address free = new AdminSettings.Address("127.0.0.1", 0);
        admin = TestAdmin.with(
                new AdminSettings(free, free, List.of("banyan.internal", "admin.example:8443"), false), data);
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    @Test
    void our_own_names_are_served_with_our_port_only() throws Exception {
        for (String host : List.of("127.0.0.1", "localhost", "LOCALHOST", "[::1]")) {
            assertThat(status("Host: " + host + ":" + admin.port())).as(host).isEqualTo(200);
            assertThat(status("Host: " + host + ":1")).as(host).isEqualTo(403);
            assertThat(status("Host: " + host)).as(host).isEqualTo(403);
        }
    }

    @Test
    void configured_names_are_served() throws Exception {
        assertThat(status("Host: banyan.internal")).isEqualTo(200);
        assertThat(status("Host: banyan.internal:1234")).isEqualTo(200);
        assertThat(status("Host: admin.example:8443")).isEqualTo(200);
        assertThat(status("Host: admin.example:8444")).isEqualTo(403);
        assertThat(status("Host: admin.example")).isEqualTo(403);
    }

    @Test
    void other_missing_and_doubled_hosts_are_403_even_with_a_token() throws Exception {
        String ours = "Host: 127.0.0.1:" + admin.port();

        for (String fields : List.of(
                "Host: evil.example",
                "Host: 127.0.0.1.evil.example:" + admin.port(),
                "Host: evil.example#127.0.0.1:" + admin.port(),
                "Host: user@127.0.0.1:" + admin.port(),
                "Host: ",
                "X: y",
                ours + "\r\nHost: evil.example",
                "Host: evil.example\r\nX-Forwarded-Host: 127.0.0.1:" + admin.port())) {
            assertThat(status(fields)).as(fields).isIn(400, 403);
        }
    }

    @Test
    void a_page_of_another_origin_is_403_even_with_a_token() throws Exception {
        String host = "Host: 127.0.0.1:" + admin.port() + "\r\n";

        for (String origin : List.of(
                "http://evil.example",
                "null",
                "http://127.0.0.1:1",
                "file://127.0.0.1:" + admin.port(),
                "http://127.0.0.1:" + admin.port() + "/",
                "http://127.0.0.1:" + admin.port() + " http://evil.example",
                "")) {
            assertThat(status(host + "Origin: " + origin)).as(origin).isEqualTo(403);
        }
        assertThat(status(host + "Origin: http://localhost:" + admin.port())).isEqualTo(200);
        assertThat(status(host + "Origin: https://banyan.internal")).isEqualTo(200);
    }

    @Test
    void the_host_is_checked_before_the_token_and_on_open_paths_too() throws Exception {
        assertThat(statusOf("GET /v1/table HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                .isEqualTo(403);
        assertThat(statusOf("GET /metrics HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                .isEqualTo(403);
    }

    private int status(String fields) throws Exception {
        return statusOf("GET /v1/upstreams HTTP/1.1\r\n" + fields + "\r\nAuthorization: Bearer " + admin.token
                + "\r\nConnection: close\r\n\r\n");
    }

    private int statusOf(String request) throws Exception {
        return Integer.parseInt(admin.raw(request).substring(9, 12));
    }
}
