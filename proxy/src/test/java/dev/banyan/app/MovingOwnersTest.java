package dev.banyan.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The owner of a route's data moves, and no write is lost, doubled or taken by the wrong side. */
class MovingOwnersTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String GET = "GET /api/transactions HTTP/1.1\r\nHost: shop.test\r\nX-User-Id: 7\r\n\r\n";
    private static final String POST = "POST /api/transactions HTTP/1.1\r\nHost: shop.test\r\nX-User-Id: %d\r\n"
            + "X-Write-Id: %s\r\nContent-Length: 0\r\n\r\n";
    private static final Pattern SIDE = Pattern.compile("X-Banyan-Side: (\\S+)\r\n");
    private static final Pattern REVISION = Pattern.compile("X-Banyan-Revision: ([0-9]+)\r\n");
    private static final int WRITERS = 8;
    private static final int READERS = 2;
    private static final int MOVES = 6;
    private static final int WRITES_BETWEEN = 40;

    @TempDir
    private Path directory;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    /** What came of one write, as its client saw it. */
    private record Answered(String writeId, int status, String head) {
        String side() {
            return found(SIDE, head);
        }

        long revision() {
            return Long.parseLong(found(REVISION, head));
        }
    }

    private static String found(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new AssertionError("no " + pattern + " in " + text);
        }
        return matcher.group(1);
    }

    private static HttpResponse<String> move(TestProxy proxy, String to, String more) throws Exception {
        return proxy.admin(
                "PUT",
                "/v1/routes/transactions/owner",
                "{\"owner\":\"" + to + "\",\"reason\":\"a test says so\"" + more + "}");
    }

    private static String post(TestProxy proxy, String writeId) throws IOException {
        try (RawClient client = new RawClient(proxy.port())) {
            client.send(POST.formatted(7, writeId));
            return client.readHead();
        }
    }

    @Test
    void under_load_every_write_is_executed_once_by_its_owner_or_refused_and_executed_nowhere() throws Exception {
        RecordingUpstream legacy = new RecordingUpstream();
        RecordingUpstream modern = new RecordingUpstream();
        ConcurrentLinkedQueue<Answered> answers = new ConcurrentLinkedQueue<>();
        Map<Long, String> ownerFrom = new ConcurrentHashMap<>(Map.of(1L, "legacy"));
        AtomicBoolean going = new AtomicBoolean(true);
        try (TestProxy proxy = new TestProxy(directory, legacy.raw(), modern.raw())) {
            proxy.setCanary(100);
            List<Future<?>> load = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                int user = writer;
                load.add(threads.submit(() -> {
                    write(proxy.port(), user, going, answers);
                    return null;
                }));
            }
            for (int reader = 0; reader < READERS; reader++) {
                load.add(threads.submit(() -> {
                    read(proxy.port(), going);
                    return null;
                }));
            }

            for (int i = 0; i < MOVES; i++) {
                String to = i % 2 == 0 ? "modern" : "legacy";
                awaitMoreWrites(answers);
                long readsBefore = modern.reads();
                HttpResponse<String> moved = move(proxy, to, ",\"accept_stranded_writes\":true,\"wait_seconds\":45");
                assertThat(moved.statusCode()).as(moved.body()).isEqualTo(200);
                ownerFrom.put(Long.parseLong(found(Pattern.compile("\"revision\":([0-9]+)"), moved.body())), to);
                await().atMost(Duration.ofSeconds(30)).until(() -> modern.reads() > readsBefore);
            }
            awaitMoreWrites(answers);
            going.set(false);
            for (Future<?> each : load) {
                each.get();
            }
        }

        assertExecutedAsAnswered(answers, legacy, modern);
        assertThat(answers)
                .filteredOn(answer -> answer.status() == 200)
                .allSatisfy(answer -> assertThat(answer.side()).isEqualTo(ownerAt(answer.revision(), ownerFrom)));
        assertNeverBothAtOnce(legacy, modern);
    }

    private static void awaitMoreWrites(ConcurrentLinkedQueue<Answered> answers) {
        long enough = done(answers) + WRITES_BETWEEN;
        await().atMost(Duration.ofSeconds(60)).until(() -> done(answers) >= enough);
    }

    private static long done(ConcurrentLinkedQueue<Answered> answers) {
        return answers.stream().filter(answer -> answer.status() == 200).count();
    }

    private static void write(int port, int user, AtomicBoolean going, ConcurrentLinkedQueue<Answered> answers)
            throws IOException {
        try (RawClient client = new RawClient(port)) {
            for (int i = 0; going.get(); i++) {
                String id = user + "-" + i;
                client.send(POST.formatted(user, id));
                String head = client.readHead();
                int length = Integer.parseInt(found(Pattern.compile("Content-Length: ([0-9]+)\r\n"), head));
                client.read(length);
                answers.add(new Answered(id, Integer.parseInt(head.substring(9, 12)), head));
            }
        }
    }

    private static void read(int port, AtomicBoolean going) throws IOException {
        try (RawClient client = new RawClient(port)) {
            while (going.get()) {
                client.send(GET);
                assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
                client.read(2);
            }
        }
    }

    private static void assertExecutedAsAnswered(
            Iterable<Answered> answers, RecordingUpstream legacy, RecordingUpstream modern) {
        Map<String, Long> atLegacy = times(legacy);
        Map<String, Long> atModern = times(modern);
        for (Answered answer : answers) {
            boolean done = answer.status() == 200;
            if (!done) {
                assertThat(answer.head())
                        .startsWith("HTTP/1.1 503 ")
                        .contains("\r\nRetry-After: 1\r\n")
                        .doesNotContain("Set-Cookie");
            }
            assertThat(atLegacy.getOrDefault(answer.writeId(), 0L))
                    .as(answer.writeId())
                    .isEqualTo(done && answer.side().equals("legacy") ? 1 : 0);
            assertThat(atModern.getOrDefault(answer.writeId(), 0L))
                    .as(answer.writeId())
                    .isEqualTo(done && answer.side().equals("modern") ? 1 : 0);
        }
        assertThat(atLegacy).isNotEmpty();
        assertThat(atModern).isNotEmpty();
    }

    private static Map<String, Long> times(RecordingUpstream side) {
        return side.executions().stream()
                .map(RecordingUpstream.Execution::writeId)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    private static String ownerAt(long revision, Map<Long, String> ownerFrom) {
        long since = ownerFrom.keySet().stream()
                .filter(from -> from <= revision)
                .max(Comparator.naturalOrder())
                .orElseThrow();
        return String.valueOf(ownerFrom.get(since));
    }

    private record Stretch(boolean modern, RecordingUpstream.Execution execution) {}

    /** In the order in which they began: one begins at another side only after every one before it has ended. */
    private static void assertNeverBothAtOnce(RecordingUpstream legacy, RecordingUpstream modern) {
        List<Stretch> stretches = Stream.concat(
                        legacy.executions().stream().map(execution -> new Stretch(false, execution)),
                        modern.executions().stream().map(execution -> new Stretch(true, execution)))
                .sorted(Comparator.comparingLong(stretch -> stretch.execution().beginNanos()))
                .toList();
        long legacyEnds = Long.MIN_VALUE;
        long modernEnds = Long.MIN_VALUE;
        for (Stretch stretch : stretches) {
            long otherEnds = stretch.modern() ? legacyEnds : modernEnds;
            assertThat(stretch.execution().beginNanos()).isGreaterThanOrEqualTo(otherEnds);
            if (stretch.modern()) {
                modernEnds = Math.max(modernEnds, stretch.execution().endNanos());
            } else {
                legacyEnds = Math.max(legacyEnds, stretch.execution().endNanos());
            }
        }
    }

    /** A legacy side that holds every write until it is told to go on. */
    private static RawUpstream holding(CountDownLatch goOn) throws IOException {
        return RawUpstream.running(connection -> {
            for (String head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
                if (head.startsWith("POST ")) {
                    awaitQuietly(goOn);
                }
                connection.write(OK);
            }
        });
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitClosed(TestProxy proxy) {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> proxy.admin("GET", "/v1/writes", "").body().contains("\"gate\":\"closed\""));
    }

    private static void awaitUnderWay(TestProxy proxy) {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> proxy.admin("GET", "/v1/writes", "").body().contains("\"legacy\":1"));
    }

    @Test
    void a_slow_write_holds_the_move_up_and_goes_where_it_was_going() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (TestProxy proxy = new TestProxy(directory, holding(goOn), RawUpstream.answering(OK))) {
            proxy.setCanary(100);
            Future<String> slow = threads.submit(() -> post(proxy, "slow"));
            awaitUnderWay(proxy);
            Future<HttpResponse<String>> move = threads.submit(() -> move(proxy, "modern", ",\"wait_seconds\":45"));
            awaitClosed(proxy);

            assertThat(post(proxy, "meanwhile")).startsWith("HTTP/1.1 503 ").contains("Retry-After: 1");
            assertThat(proxy.transactionsOf("7").statusCode()).isEqualTo(200);
            assertThat(move).isNotDone();
            goOn.countDown();

            assertThat(move.get().statusCode()).as(move.get().body()).isEqualTo(200);
            assertThat(slow.get()).startsWith("HTTP/1.1 200 ").contains("X-Banyan-Side: legacy");
            assertThat(post(proxy, "afterwards")).contains("X-Banyan-Side: modern");
        }
    }

    @Test
    void what_is_not_done_in_time_refuses_the_move_and_writes_go_on() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (TestProxy proxy = new TestProxy(directory, holding(goOn), RawUpstream.answering(OK))) {
            proxy.setCanary(100);
            Future<String> slow = threads.submit(() -> post(proxy, "slow"));
            awaitUnderWay(proxy);

            HttpResponse<String> refused = move(proxy, "modern", ",\"wait_seconds\":1");
            goOn.countDown();

            assertThat(refused.statusCode()).isEqualTo(409);
            assertThat(refused.body())
                    .contains("/problems/not-drained", "1 unsafe request (at legacy) was still under way after 1 s");
            assertThat(slow.get()).startsWith("HTTP/1.1 200 ");
            assertThat(post(proxy, "again")).startsWith("HTTP/1.1 200 ").contains("X-Banyan-Side: legacy");
        }
    }

    @Test
    void a_freeze_works_at_once_while_a_move_waits_and_the_owner_stays() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (TestProxy proxy = new TestProxy(directory, holding(goOn), RawUpstream.answering(OK))) {
            proxy.setCanary(100);
            Future<String> slow = threads.submit(() -> post(proxy, "slow"));
            awaitUnderWay(proxy);
            Future<HttpResponse<String>> move = threads.submit(() -> move(proxy, "modern", ",\"wait_seconds\":45"));
            awaitClosed(proxy);

            HttpResponse<String> freeze = proxy.admin("PUT", "/v1/freeze", "{\"reason\":\"fire\"}");

            assertThat(freeze.statusCode()).isEqualTo(200);
            assertThat(move.get().statusCode()).isEqualTo(409);
            assertThat(move.get().body()).contains("/problems/changed-meanwhile");
            assertThat(slow).isNotDone();
            goOn.countDown();
            assertThat(slow.get()).startsWith("HTTP/1.1 200 ");
            assertThat(proxy.sideOf("7")).isEqualTo("legacy");
        }
    }

    @Test
    void readers_who_are_not_at_modern_yet_hold_the_move_up_unless_they_may_lag() throws Exception {
        try (TestProxy proxy = new TestProxy(directory)) {

            HttpResponse<String> refused = move(proxy, "modern", "");
            HttpResponse<String> lagging = move(proxy, "modern", ",\"readers_may_lag\":true");

            assertThat(refused.statusCode()).isEqualTo(409);
            assertThat(refused.body()).contains("/problems/readers-lag", "banyan canary set transactions 100");
            assertThat(lagging.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void back_to_legacy_the_numbers_are_told_also_after_a_restart() throws Exception {
        try (TestProxy proxy = new TestProxy(directory)) {
            proxy.setCanary(100);
            move(proxy, "modern", "");
            for (int write = 0; write < 10; write++) {
                try (RawClient client = new RawClient(proxy.port())) {
                    client.send(POST.formatted(write % 4, "w" + write));
                    assertThat(client.readHead()).contains("X-Banyan-Side: modern");
                }
            }
            proxy.restart();

            HttpResponse<String> refused = move(proxy, "legacy", "");
            HttpResponse<String> lowered = proxy.setCanary(50);

            String numbers = "strands 10 writes of about 4 users since revision 3 (";
            assertThat(refused.statusCode()).isEqualTo(409);
            assertThat(refused.body()).contains("/problems/strands-writes", numbers);
            assertThat(lowered.statusCode()).isEqualTo(409);
            assertThat(lowered.body()).contains(numbers);
            assertThat(post(proxy, "still")).contains("X-Banyan-Side: modern");
            assertThat(move(proxy, "legacy", ",\"accept_stranded_writes\":true").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void a_file_that_names_the_other_owner_is_held_back_and_told_the_command() throws Exception {
        try (TestProxy proxy = new TestProxy(directory)) {

            proxy.write("transactions.yaml", proxy.transactionsYaml("25%").replace("writes: legacy", "writes: modern"));

            await().atMost(Duration.ofSeconds(20))
                    .until(() -> proxy.admin("GET", "/v1/table", "")
                            .body()
                            .contains("banyan writes move transactions modern"));
            assertThat(post(proxy, "w")).contains("X-Banyan-Side: legacy");
        }
    }
}
