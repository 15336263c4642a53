package dev.banyan.traffic.failures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.dataplane.wire.ClientTimeouts;
import dev.banyan.routing.Flags;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Upstream;
import dev.banyan.testing.FaultProxy;
import dev.banyan.testing.FaultProxy.Fault;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The network breaks, on either side of the edge, in either direction, at any byte. A client gets the whole right answer, a local
 * error, or a connection that ends before its answer does: never a part that looks whole, never another's answer. No POST runs twice.
 */
class NetworkFaultsTest {
    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final String BODY = "0123456789abcdefghij";
    private static final List<String> METHODS = List.of("GET", "POST");

    private final List<String> executed = new CopyOnWriteArrayList<>();
    private boolean chunked;
    private int id;
    private RawUpstream rails;
    private FaultProxy behind;
    private TestEdge edge;
    private FaultProxy before;

    @BeforeEach
    void start() throws IOException {
        rails = RawUpstream.running(this::serve);
        behind = FaultProxy.to(rails.port());
        Upstream.Timeouts timeouts =
                new Upstream.Timeouts(Duration.ofSeconds(10), PATIENCE, PATIENCE, Optional.empty());
        // The breaker stays out of it: half of all attempts fail here.
        Upstream upstream = withoutBreaker(Tables.upstream("rails", behind.port(), timeouts, Upstream.Limits.DEFAULT));
        edge = TestEdge.with(
                RoutingTable.of(1, Tables.base(List.of(upstream), List.of()), Flags.NONE),
                new ClientTimeouts(PATIENCE, PATIENCE, PATIENCE, PATIENCE));
        before = FaultProxy.to(edge.port());
    }

    @AfterEach
    void stop() throws IOException {
        before.close();
        edge.close();
        behind.close();
        rails.close();
    }

    private static Upstream withoutBreaker(Upstream upstream) {
        return new Upstream(
                upstream.id(),
                upstream.address(),
                upstream.protocol(),
                upstream.tls(),
                upstream.balance(),
                upstream.timeouts(),
                upstream.keepAlive(),
                upstream.limits(),
                upstream.retries(),
                new Upstream.Breaker(
                        upstream.breaker().failures(),
                        100_000,
                        upstream.breaker().openFor()),
                upstream.health(),
                upstream.outlier());
    }

    /** Two requests a connection: the second meets one that has been used. */
    private void serve(RawUpstream.Connection connection) throws IOException {
        for (int i = 0; i < 2; i++) {
            String head = connection.readHead();
            if (head.isEmpty()) {
                return;
            }
            if (head.startsWith("POST ") && connection.readBytes(BODY.length()).length < BODY.length()) {
                return;
            }
            String request = head.substring(0, head.indexOf(" HTTP/"));
            executed.add(request);
            connection.write(answer(request, i == 1));
        }
    }

    private String answer(String request, boolean last) {
        String body = bodyFor(request);
        String connection = last ? "Connection: close\r\n" : "";
        return chunked
                ? "HTTP/1.1 200 OK\r\n" + connection + "Transfer-Encoding: chunked\r\n\r\n"
                        + Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n"
                : "HTTP/1.1 200 OK\r\n" + connection + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static String bodyFor(String request) {
        return "this is the answer to " + request + " and to nothing else";
    }

    private static String request(String method, int id, boolean last) {
        return method + " /" + id + " HTTP/1.1\r\nHost: a\r\n" + (last ? "Connection: close\r\n" : "")
                + (method.equals("POST") ? "Content-Length: " + BODY.length() + "\r\n\r\n" + BODY : "\r\n");
    }

    /** Two requests on one connection through whatever is broken; returns how many were answered whole by the upstream. */
    private int twoRequests(String method, String what) throws IOException {
        int first = ++id;
        int second = ++id;
        String received;
        try (RawClient client = new RawClient(before.port())) {
            try {
                client.send(request(method, first, false) + request(method, second, true));
            } catch (IOException broken) {
                // What came back before is still read.
            }
            received = client.readToEndOrReset();
        }

        String rest = received;
        int whole = 0;
        for (int asked = first; asked <= second && !rest.isEmpty(); asked++) {
            Optional<Answer> answer = Answer.read(rest);
            if (answer.isEmpty()) {
                rest = "";
                break;
            }
            String seen = what + "\n" + received;
            if (answer.get().status() == 200) {
                assertThat(answer.get().body()).as(seen).isEqualTo(bodyFor(method + " /" + asked));
                whole++;
            } else {
                assertThat(answer.get().status()).as(seen).isIn(400, 408, 502, 504);
            }
            rest = rest.substring(answer.get().length());
        }
        assertThat(rest).as(what + ": more answers than requests").isEmpty();
        if (method.equals("POST")) {
            assertThat(Collections.frequency(executed, "POST /" + first))
                    .as(what)
                    .isLessThanOrEqualTo(1);
            assertThat(Collections.frequency(executed, "POST /" + second))
                    .as(what)
                    .isLessThanOrEqualTo(1);
        }
        return whole;
    }

    /**
     * One whole answer at the start of what came; none if it is cut.
     *
     * @param length of all its bytes
     */
    private record Answer(int status, String body, int length) {
        static Optional<Answer> read(String text) {
            int body = text.indexOf("\r\n\r\n") + 4;
            if (body < 4) {
                return Optional.empty();
            }
            String head = text.substring(0, body);
            int status = Integer.parseInt(head.substring(9, 12));
            return head.contains("Transfer-Encoding: chunked\r\n")
                    ? chunks(status, text, body)
                    : counted(status, text, head, body);
        }

        private static Optional<Answer> counted(int status, String text, String head, int body) {
            assertThat(head).contains("Content-Length: ");
            int end = body + Integer.parseInt(head.replaceAll("(?s).*Content-Length: (\\d+)\r\n.*", "$1"));
            return text.length() < end
                    ? Optional.empty()
                    : Optional.of(new Answer(status, text.substring(body, end), end));
        }

        private static Optional<Answer> chunks(int status, String text, int body) {
            StringBuilder content = new StringBuilder();
            int at = body;
            while (true) {
                int line = text.indexOf("\r\n", at);
                if (line < 0) {
                    return Optional.empty();
                }
                int size = Integer.parseInt(text.substring(at, line), 16);
                int end = line + 2 + size + 2;
                if (text.length() < end) {
                    return Optional.empty();
                }
                content.append(text, line + 2, line + 2 + size);
                at = end;
                if (size == 0) {
                    return Optional.of(new Answer(status, content.toString(), at));
                }
            }
        }
    }

    private static Map<String, LongFunction<Fault>> ends() {
        Map<String, LongFunction<Fault>> ends = new LinkedHashMap<>();
        ends.put("cut", Fault::cutAfter);
        ends.put("reset", Fault::resetAfter);
        ends.put("half-closed", Fault::halfCloseAfter);
        return ends;
    }

    /** Every instant of two answers where something ends or begins, and some between. */
    private List<Long> positionsOfAnswers(String method) {
        String first = answer(method + " /" + (id + 1), false);
        String second = answer(method + " /" + (id + 2), true);
        List<Long> positions = new ArrayList<>();
        long begin = 0;
        for (String answer : List.of(first, second)) {
            int head = answer.indexOf("\r\n\r\n") + 4;
            for (int within : new int[] {
                0,
                1,
                12,
                head - 1,
                head,
                head + 1,
                head + 3,
                answer.length() / 2 + 20,
                answer.length() - 3,
                answer.length() - 1
            }) {
                positions.add(begin + within);
            }
            begin += answer.length();
        }
        return positions;
    }

    /** As forwarded, and as sent: heads end somewhere among these, first and second. */
    private static List<Long> positionsOfRequests() {
        List<Long> positions = new ArrayList<>();
        for (long at = 0; at < 420; at += 13) {
            positions.add(at);
        }
        return positions;
    }

    private void holds(Map<String, LongFunction<Fault>> faults, boolean clientSide, boolean answers)
            throws IOException {
        int broken = 0;
        for (boolean inChunks : new boolean[] {false, true}) {
            chunked = inChunks;
            for (String method : METHODS) {
                for (Map.Entry<String, LongFunction<Fault>> fault : faults.entrySet()) {
                    for (long at : answers ? positionsOfAnswers(method) : positionsOfRequests()) {
                        FaultProxy place = clientSide ? before : behind;
                        Fault here = fault.getValue().apply(at);
                        place.requests(answers ? Fault.NONE : here);
                        place.answers(answers ? here : Fault.NONE);
                        String what = "%s %s at byte %d of the %s, %s"
                                .formatted(
                                        method,
                                        fault.getKey(),
                                        at,
                                        answers ? "answers" : "requests",
                                        inChunks ? "chunked" : "counted");
                        broken += twoRequests(method, what) < 2 ? 1 : 0;
                    }
                }
            }
        }
        assertThat(broken).as("faults that were felt").isGreaterThan(20);
    }

    @Test
    void the_answer_of_an_upstream_breaks_off() throws IOException {
        holds(ends(), false, true);
    }

    @Test
    void the_request_to_an_upstream_breaks_off() throws IOException {
        holds(ends(), false, false);
    }

    @Test
    void the_answer_to_a_client_breaks_off() throws IOException {
        holds(ends(), true, true);
    }

    @Test
    void the_request_of_a_client_breaks_off() throws IOException {
        holds(ends(), true, false);
    }

    @Test
    void the_network_falls_silent() throws IOException {
        for (String method : METHODS) {
            for (long at : new long[] {0, 12, 50}) {
                before.requests(Fault.silentAfter(at));
                twoRequests(method, "request of a client silent at " + at);
                before.requests(Fault.NONE);
                behind.answers(Fault.silentAfter(at));
                twoRequests(method, "answer of an upstream silent at " + at);
                behind.answers(Fault.NONE);
            }
        }
    }

    @Test
    void a_byte_of_an_upstreams_head_is_turned_over() throws IOException {
        for (boolean inChunks : new boolean[] {false, true}) {
            chunked = inChunks;
            String answer = answer("GET /1", false);
            int framing = answer.indexOf("\r\n\r\n") + (inChunks ? 6 : 4);
            for (int at = 0; at < framing; at++) {
                behind.answers(Fault.corrupt(at));
                twoRequests("GET", "byte " + at + " of " + answer);
            }
        }
    }

    /** Of all but the number in its path: that one becomes another, which is asked for and answered as such. */
    @Test
    void a_byte_of_a_clients_head_is_turned_over() throws IOException {
        int head = request("POST", 1, false).indexOf("\r\n\r\n") + 4;
        for (int at = 0; at < head; at++) {
            String next = request("POST", id + 1, false);
            if (at <= next.indexOf('/') || at >= next.indexOf(" HTTP/")) {
                before.requests(Fault.corrupt(at));
                twoRequests("POST", "byte " + at);
            }
        }
    }

    @Test
    void what_comes_byte_by_byte_or_late_arrives_whole() throws IOException {
        try (TestEdge patient = TestEdge.forwardingTo(behind.port())) {
            before.close();
            before = FaultProxy.to(patient.port());
            for (boolean inChunks : new boolean[] {false, true}) {
                chunked = inChunks;
                for (Fault slow : List.of(Fault.trickle(), Fault.delay(Duration.ofMillis(20)))) {
                    before.requests(slow).answers(slow);
                    behind.requests(slow).answers(slow);
                    for (String method : METHODS) {
                        assertThat(twoRequests(method, "slow")).isEqualTo(2);
                    }
                }
            }
        }
    }
}
