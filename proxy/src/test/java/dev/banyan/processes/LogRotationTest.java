package dev.banyan.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.RealServer;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process whose access log is rotated under it. */
class LogRotationTest {
    private static final Path LOGROTATE = Path.of("/usr/sbin/logrotate");
    private static final Path DOCS = Path.of("../docs/logs.md");
    private static final Pattern CONFIGURATION = Pattern.compile("```logrotate\n(.*?)```", Pattern.DOTALL);

    @TempDir
    private Path directory;

    private RunningProxy proxyBefore(RawUpstream upstream, Path accessLog) throws IOException {
        return RunningProxy.inFrontOf(directory, upstream.port())
                .with("--log-access=" + accessLog)
                .start();
    }

    @Test
    void logrotate_with_the_file_of_the_documentation_begins_a_new_log_and_loses_no_line() throws Exception {
        RealServer.require(LOGROTATE);
        Path log = Files.createDirectory(directory.resolve("log")).resolve("access.log");
        try (RawUpstream upstream = RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                RunningProxy proxy = proxyBefore(upstream, log)) {
            requests(proxy, "/before");
            await().until(() -> Files.readString(log).contains("/before"));

            logrotate(log, proxy.pid());
            await().until(() -> {
                requests(proxy, "/after");
                return Files.exists(log) && Files.readString(log).contains("/after");
            });

            assertThat(Files.readString(log)).doesNotContain("/before");
            assertThat(Files.readString(log.resolveSibling("access.log.1"))).contains("/before");
            assertThat(proxy.process().isAlive()).isTrue();
        }
    }

    @Test
    void the_signals_that_other_servers_reopen_their_logs_at_do_so_here_and_end_nothing() throws Exception {
        Path log = directory.resolve("access.log");
        try (RawUpstream upstream = RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                RunningProxy proxy = proxyBefore(upstream, log)) {
            for (String signal : new String[] {"HUP", "USR1"}) {
                signal(proxy.pid(), signal);
                await().untilAsserted(() -> assertThat(proxy.log()).contains("signal=SIG" + signal));
            }
            await().until(() -> proxy.log().split("opened a log file anew", -1).length > 2);

            requests(proxy, "/after");
            await().until(() -> Files.readString(log).contains("/after"));
            assertThat(proxy.readiness()).isEqualTo(200);

            proxy.terminate();
            assertThat(proxy.awaitExit()).isZero();
        }
    }

    private void logrotate(Path log, long pid) throws Exception {
        Matcher found = CONFIGURATION.matcher(Files.readString(DOCS));
        assertThat(found.find()).as("a configuration in %s", DOCS).isTrue();
        String configuration = found.group(1)
                .replace("/var/log/banyan/access.log", log.toString())
                .replaceFirst("pkill -HUP .*", "kill -HUP " + pid);
        Path file = Files.writeString(directory.resolve("logrotate.conf"), configuration);
        Process run = new ProcessBuilder(
                        LOGROTATE.toString(),
                        "--force",
                        "--state",
                        directory.resolve("state").toString(),
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(run.waitFor()).as(said).isZero();
    }

    private static void signal(long pid, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }

    private static void requests(RunningProxy proxy, String path) throws IOException {
        String answer =
                RawClient.exchange(proxy.port(), "GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 200 ");
    }
}
