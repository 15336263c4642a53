package dev.banyan.traffic.websockets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.testing.Autobahn;
import dev.banyan.testing.Autobahn.Finding;
import dev.banyan.testing.TestEdge;
import dev.banyan.testing.WebSocketEcho;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** WebSocket as an independent judge sees it: through Banyan each case finds what it finds without. */
class AutobahnTest {
    @TempDir
    private Path directory;

    /** Framing, pings, reserved bits and opcodes, fragments, UTF-8, closing, and the smallest of the large messages. */
    @Test
    void a_sample_of_the_cases_finds_the_same_through_banyan() throws Exception {
        List<String> sample = List.of(
                "1.*", "2.*", "3.*", "4.*", "5.*", "6.2.*", "6.4.3", "6.6.*", "7.1.1", "7.3.*", "7.5.*", "7.7.*",
                "7.9.*", "9.1.1", "9.2.1", "10.*");

        assertThat(cases(sample, Duration.ofMinutes(5))).isGreaterThan(100);
    }

    @Test
    @Tag("full")
    void every_case_finds_the_same_through_banyan() throws Exception {
        assertThat(cases(List.of("*"), Duration.ofHours(1))).isEqualTo(301);
    }

    /** How many were run, once all were found to be good and the same. */
    private int cases(List<String> cases, Duration atMost) throws Exception {
        try (WebSocketEcho echo = new WebSocketEcho();
                TestEdge edge = TestEdge.forwardingTo(echo.port())) {
            List<Integer> ports = List.of(echo.port(), edge.port());

            SortedMap<String, List<Finding>> found = Autobahn.run(directory, cases, ports, atMost);
            SortedMap<String, List<Finding>> wrong = wrong(found);
            for (int again = 0; again < 2 && !wrong.isEmpty(); again++) {
                // The judge has deadlines of its own, which a busy machine may miss: what is wrong is asked once more.
                wrong = wrong(Autobahn.run(directory, List.copyOf(wrong.keySet()), ports, atMost));
            }

            assertThat(wrong)
                    .as("cases that fail, or differ: without Banyan, with it")
                    .isEmpty();
            return found.size();
        }
    }

    private static SortedMap<String, List<Finding>> wrong(SortedMap<String, List<Finding>> found) {
        SortedMap<String, List<Finding>> wrong = new TreeMap<>(found);
        wrong.values()
                .removeIf(each ->
                        Set.copyOf(each).size() == 1 && !each.get(0).behaviour().equals("FAILED"));
        return wrong;
    }
}
