package dev.banyan.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that may open few files, and clients that use them up. */
class FewDescriptorsTest {
    private static final int CLIENTS = 400;

    @TempDir
    private Path directory;

    @Test
    void it_rests_while_there_are_none_says_so_and_serves_on_once_there_are() throws Exception {
        try (RawUpstream upstream = RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                RunningProxy proxy = RunningProxy.inFrontOf(directory, upstream.port())
                        .by("bash", "-c", "ulimit -n 256; exec \"$@\"", "limited")
                        .start()) {
            List<RawClient> many = new ArrayList<>();
            try {
                while (many.size() < CLIENTS) {
                    many.add(new RawClient(proxy.port()));
                }
                await().atMost(Duration.ofSeconds(30)).until(() -> proxy.said("Too many open files"));
                assertThat(proxy.log())
                        .contains("limits.connections: 20000 connections may take 40500 file descriptors")
                        .contains("Too many open files; fix: let the process open more files (ulimit -n");
                Duration before = proxy.cpu();
                long begun = System.nanoTime();
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> System.nanoTime() - begun
                                > Duration.ofSeconds(3).toNanos());
                Duration worked = proxy.cpu().minus(before);
                assertThat(worked).as("of 3 s").isLessThan(Duration.ofMillis(1500));
            } finally {
                for (RawClient each : many) {
                    each.close();
                }
            }

            await().atMost(Duration.ofSeconds(60)).until(() -> isServed(proxy.port()));
            assertThat(proxy.log()
                            .lines()
                            .filter(line -> line.contains("Too many open files"))
                            .count())
                    .isLessThan(20);
        }
    }

    private static boolean isServed(int port) {
        try {
            return RawClient.exchange(port, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    .startsWith("HTTP/1.1 200 ");
        } catch (IOException e) {
            return false;
        }
    }
}
