package dev.banyan.traffic.failures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.testing.Await;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Step;
import dev.banyan.testing.TwoSides;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Who is turned away is told when to come back (RFC 9110, 10.2.3). How a queue's pace is guessed, {@code PermitsTest} has. */
class RetryAfterTest {
    private static final String OOPS = "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n";
    private static final String POST =
            "POST /things HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

    private static int retryAfter(String answer) {
        Matcher field = Pattern.compile("\r\nRetry-After: (\\d+)\r\n").matcher(answer);
        assertThat(field.find()).as(answer).isTrue();
        return Integer.parseInt(field.group(1));
    }

    private static void open(TwoSides sides) throws IOException {
        for (int i = 0; i < 4; i++) {
            sides.exchange("POST", "");
        }
    }

    @Test
    void from_an_open_breaker_it_is_the_time_until_a_trial() throws IOException {
        try (RawUpstream modern = RawUpstream.answering(OOPS);
                TwoSides sides =
                        new TwoSides(modern.port(), "", "breaker: { failures: 50%, over: 4, open-for: 10m }")) {
            open(sides);

            String answer = RawClient.exchange(sides.edge().port(), POST);

            assertThat(answer).startsWith("HTTP/1.1 503 ").contains("upstream modern was not asked");
            assertThat(retryAfter(answer)).isBetween(300, 600);
        }
    }

    @Test
    void from_a_full_queue_it_is_a_time_within_reason() throws IOException {
        try (Step goOn = new Step();
                RawUpstream modern = RawUpstream.running(connection -> {
                    connection.readHead();
                    goOn.await();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                });
                TwoSides sides = new TwoSides(modern.port(), "", "limits: { concurrent: 1, queue: 0 }");
                RawClient first = new RawClient(sides.edge().port())) {
            first.send(POST);
            Await.until(() -> modern.heads().size() == 1);

            String answer = RawClient.exchange(sides.edge().port(), POST);

            assertThat(answer).startsWith("HTTP/1.1 503 ").contains("has as many requests under way as it may");
            assertThat(retryAfter(answer)).isBetween(1, 30);
        }
    }
}
