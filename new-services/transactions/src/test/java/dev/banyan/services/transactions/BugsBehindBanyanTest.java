package dev.banyan.services.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.app.BanyanProxy;
import dev.banyan.app.ProxySettings;
import dev.banyan.controlplane.admin.AdminSettings;
import dev.banyan.dataplane.DataPlane;
import dev.banyan.dataplane.wire.ClientTimeouts;
import dev.banyan.services.kit.RunningService;
import dev.banyan.services.kit.ServiceSettings;
import dev.banyan.settings.TableSource;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the table says, nobody switches a bug on from the other side of the proxy. */
final class BugsBehindBanyanTest {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    private Path directory;

    @Test
    void through_banyan_the_control_path_does_not_exist() throws Exception {
        try (RunningService service = RunningService.start(
                        TransactionsService.DEFINITION,
                        ServiceSettings.onFreePort(directory.resolve("transactions"))
                                .forDemo());
                BanyanProxy proxy = inFrontOf(service.port())) {
            int port = proxy.address().orElseThrow().getPort();

            assertThat(ask(port, "GET", "/api/transactions/1").statusCode()).isEqualTo(200);
            for (String method : List.of("GET", "PUT", "DELETE", "POST")) {
                for (String path : List.of("/_bugs", "/_bugs/wrong-rounding", "/_writes", "/%5fbugs", "//_bugs")) {
                    assertThat(ask(port, method, path).statusCode())
                            .as(method + " " + path)
                            .isEqualTo(404);
                }
            }
            assertThat(ask(service.port(), "GET", "/_bugs").body())
                    .contains("wrong-rounding")
                    .doesNotContain("\"on\":true");
        }
    }

    /** All there is goes to the service: as the default, and by a route. */
    private BanyanProxy inFrontOf(int port) throws Exception {
        Path routes = Files.createDirectories(directory.resolve("routes"));
        Files.writeString(routes.resolve("all.yaml"), """
                banyan: 1
                default: service
                upstreams:
                  service: { url: "http://127.0.0.1:%d" }
                routes:
                  bugs: { match: [ "GET,PUT /_bugs/**" ], modern: service }
                """.formatted(port));
        AdminSettings.Address anyPort = new AdminSettings.Address("127.0.0.1", 0);
        return BanyanProxy.start(
                new ProxySettings(
                        directory.resolve("data"),
                        routes,
                        TableSource.FILES,
                        new DataPlane.Settings(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                1,
                                false,
                                ClientTimeouts.DEFAULT,
                                Optional.empty()),
                        new AdminSettings(anyPort, anyPort, List.of(), false)),
                Clock.systemUTC());
    }

    private static HttpResponse<String> ask(int port, String method, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, BodyPublishers.noBody())
                .build();
        return CLIENT.send(request, BodyHandlers.ofString());
    }
}
