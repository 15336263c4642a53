package dev.banyan.traffic.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.testing.Await;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.StrictUpstream;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Several requests sent at once on one connection: answered in order, and nothing of one is taken for another. */
class PipeliningTest {
    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    private static RawUpstream echoingPaths() throws IOException {
        return RawUpstream.running(connection -> {
            for (String head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
                String path = head.split(" ", -1)[1];
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + path.length() + "\r\n\r\n" + path);
            }
        });
    }

    @Test
    void five_hundred_are_answered_in_order() throws IOException {
        try (RawUpstream rails = echoingPaths();
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            StringBuilder all = new StringBuilder();
            IntStream.range(0, 500).forEach(i -> all.append(get("/%03d".formatted(i))));
            client.send(all.toString());

            for (int i = 0; i < 500; i++) {
                client.readHead();
                assertThat(client.read(4)).isEqualTo("/%03d".formatted(i));
            }
        }
    }

    @Test
    void the_next_waits_for_the_answer_before_it() throws Exception {
        CountDownLatch mayAnswer = new CountDownLatch(1);
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    for (String head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
                        if (head.startsWith("GET /slow ")) {
                            Await.uninterruptibly(mayAnswer);
                        }
                        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Path: " + head.split(" ", -1)[1]
                                + "\r\n\r\n");
                    }
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send(get("/slow") + get("/fast"));
            Await.until(() -> rails.heads().size() == 1);
            mayAnswer.countDown();

            assertThat(client.readHead()).contains("X-Path: /slow\r\n");
            assertThat(client.readHead()).contains("X-Path: /fast\r\n");
        }
    }

    @Test
    void what_follows_a_bad_request_is_never_executed() throws IOException {
        for (String bad : new String[] {
            "GET /bad HTTP/1.1\r\n\r\n",
            "POST /bad HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
            "POST /bad HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
            "GET /bad/%00 HTTP/1.1\r\nHost: a\r\n\r\n",
            "G\u0000T / HTTP/1.1\r\nHost: a\r\n\r\n"
        }) {
            try (RawUpstream rails = echoingPaths();
                    TestEdge edge = TestEdge.forwardingTo(rails.port())) {

                String answers = RawClient.exchange(edge.port(), get("/good") + bad + get("/after") + get("/after"));

                assertThat(answers).startsWith("HTTP/1.1 200 OK\r\n").doesNotContain("/after");
                assertThat(answers.split("HTTP/1\\.1 ", -1)).hasSize(3);
                assertThat(answers).contains("HTTP/1.1 400 ");
                assertThat(rails.heads())
                        .filteredOn(head -> head.contains("/after"))
                        .isEmpty();
            }
        }
    }

    @Test
    void bodies_are_never_taken_for_requests() throws IOException {
        try (StrictUpstream rails = new StrictUpstream();
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {
            String body = get("/smuggled");
            String chunk = Integer.toHexString(body.length()) + "\r\n" + body + "\r\n";

            client.send("POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n" + body
                    + "POST /2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + chunk + "0\r\n\r\n"
                    + get("/3"));

            for (int i = 0; i < 3; i++) {
                client.readHead();
                assertThat(client.read(2)).isEqualTo("ok");
            }
            assertThat(rails.heads()).extracting(head -> head.split(" ", -1)[1]).containsExactly("/1", "/2", "/3");
        }
    }

    @Test
    void a_request_that_comes_byte_by_byte_is_the_same_request() throws IOException {
        try (StrictUpstream rails = new StrictUpstream();
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {
            String request =
                    "POST /x HTTP/1.1\r\nHost: a\r\nX-Request-Id: 7\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX: y\r\n\r\n";

            for (int i = 0; i < request.length(); i++) {
                client.send(request.substring(i, i + 1));
            }
            client.readHead();
            client.read(2);
            client.send(request);
            client.readHead();
            client.read(2);

            assertThat(rails.requests()).hasSize(2);
            assertThat(rails.requests().get(0).replaceAll("\r\n[0-9]\r\n|[abc]|\r\n", ""))
                    .isEqualTo(rails.requests().get(1).replaceAll("\r\n[0-9]\r\n|[abc]|\r\n", ""));
        }
    }

    @Test
    void a_client_that_sends_requests_and_reads_no_answers_is_made_to_wait() throws IOException {
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + "x".repeat(1000);
        try (RawUpstream rails = RawUpstream.answering(answer);
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port(), 4 * 1024)) {
            String many = ("GET /x HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(1000) + "\r\n\r\n").repeat(100);

            Thread sender = new Thread(() -> {
                try {
                    for (int i = 0; i < 600; i++) {
                        client.send(many);
                    }
                } catch (IOException e) {
                    // closed at the end of the test
                }
            });
            sender.start();
            int before = -1;
            while (before < rails.heads().size()) {
                before = rails.heads().size();
                awaitQuiet(rails, before);
            }

            assertThat(before)
                    .as("requests executed for a client that reads nothing")
                    .isLessThan(20_000);
            assertThat(sender.isAlive()).as("the client is held back").isTrue();
            for (int i = 0; i < 4; i++) {
                String other =
                        RawClient.exchange(edge.port(), "GET /y HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
                assertThat(other)
                        .as("another client, by the same upstream connections")
                        .startsWith("HTTP/1.1 200 OK\r\n");
            }
        }
    }

    private static void awaitQuiet(RawUpstream rails, int before) {
        try {
            Await.untilWithin(Duration.ofMillis(500), () -> rails.heads().size() > before);
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            // No more came: that is what was waited for.
        }
    }
}
