package dev.banyan.traffic.puma;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.testing.FaultProxy;
import dev.banyan.testing.Puma;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.TestEdge;
import io.micrometer.core.instrument.Counter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real puma closes connections after a second of idleness, which the edge would keep for fifteen: a request that is sent at that
 * very moment meets one that is just closing. The way between takes a while, so that the moment is not too short to be met.
 */
class PumaRaceTest {
    private static final int AT_ONCE = 40;
    private static final Duration WAY = Duration.ofMillis(50);

    /** Between this and 100 ms more the edge does not know yet that puma closes, or puma that a request is coming. */
    private static final int FIRST_MILLIS = 900;

    private static final int STEP_MILLIS = 3;

    @TempDir
    Path directory;

    /** One client that asks, rests for about a second, and asks again. */
    private static final class Client implements Runnable {
        private final RawClient connection;
        private final String method;
        private final String name;
        private final int restMillis;
        private final List<String> answers = new ArrayList<>();

        Client(int port, String method, int number) throws IOException {
            this.connection = new RawClient(port);
            this.method = method;
            this.name = "/" + number;
            this.restMillis = FIRST_MILLIS + number % AT_ONCE * STEP_MILLIS;
        }

        @Override
        public void run() {
            try (connection) {
                ask("GET", "/warm" + name);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(restMillis));
                answers.add(ask(method, name));
            } catch (IOException e) {
                answers.add("cut: " + e);
            }
        }

        private String ask(String how, String path) throws IOException {
            String length = how.equals("POST") ? "Content-Length: 0\r\n" : "";
            connection.send(how + " " + path + " HTTP/1.1\r\nHost: a\r\n" + length + "\r\n");
            String head = connection.readHead();
            connection.read(Integer.parseInt(head.replaceAll("(?is).*content-length: (\\d+)\r\n.*", "$1")));
            return head.substring(0, head.indexOf('\r'));
        }
    }

    /** Returns how many times a connection was found closed, and its request sent again. */
    private double rounds(int count) throws Exception {
        try (Puma puma = Puma.closingIdleConnectionsAfterASecond(directory);
                FaultProxy way = FaultProxy.to(puma.port())
                        .requests(FaultProxy.Fault.delay(WAY))
                        .answers(FaultProxy.Fault.delay(WAY));
                TestEdge edge = TestEdge.forwardingTo(way.port())) {
            List<Client> clients = new ArrayList<>();
            for (int begun = 0; begun < count; begun += AT_ONCE) {
                List<Thread> threads = new ArrayList<>();
                for (int i = begun; i < Math.min(count, begun + AT_ONCE); i++) {
                    Client client = new Client(edge.port(), i % 2 == 0 ? "GET" : "POST", i);
                    clients.add(client);
                    threads.add(new Thread(client));
                }
                threads.forEach(Thread::start);
                for (Thread thread : threads) {
                    thread.join();
                }
            }

            Map<String, Integer> runs = new HashMap<>();
            puma.executed().forEach(line -> runs.merge(line, 1, Integer::sum));
            for (Client client : clients) {
                String request = client.method + " " + client.name;
                assertThat(client.answers).as(request).hasSize(1);
                if (client.method.equals("GET") || runs.containsKey(request)) {
                    assertThat(client.answers).as(request).containsExactly("HTTP/1.1 200 OK");
                }
                if (client.method.equals("POST")) {
                    assertThat(runs.getOrDefault(request, 0)).as(request).isLessThanOrEqualTo(1);
                }
            }
            return edge.registry().find("banyan.retries").counters().stream()
                    .mapToDouble(Counter::count)
                    .sum();
        }
    }

    @Test
    void a_get_never_fails_and_a_post_runs_at_most_once() throws Exception {
        rounds(30);
    }

    @Test
    @Tag("full")
    void nor_in_a_thousand_rounds() throws Exception {
        assertThat(rounds(1000)).as("races that were met").isPositive();
    }
}
