package dev.banyan.controlplane.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.contract.LiveEvents;
import dev.banyan.controlplane.admin.events.EventId;
import dev.banyan.controlplane.admin.events.EventLog;
import dev.banyan.controlplane.admin.events.EventStreams;
import dev.banyan.controlplane.admin.tokens.Role;
import dev.banyan.controlplane.admin.tokens.Token;
import dev.banyan.controlplane.revisions.Cause;
import dev.banyan.json.Json;
import dev.banyan.routing.Share;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EventsTest {
    @TempDir
    Path data;

    private final MovableClock clock = new MovableClock();
    private TestAdmin admin;

    @BeforeEach
    void start() throws Exception {
        admin = TestAdmin.in(data, clock);
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    @Test
    void a_revision_and_each_flag_that_it_changed_come_as_they_happen() throws Exception {
        Iterator<String> lines = connect();

        canary(50);

        Event revision = next(lines);
        assertThat(revision.type()).isEqualTo("revision");
        assertThat(revision.json().path("revision").asLong()).isEqualTo(2);
        assertThat(revision.json().path("reason").asText()).isEqualTo("because");
        assertThat(revision.json().path("routes")).isEqualTo(Json.array(List.of("transactions")));
        Event flag = next(lines);
        assertThat(flag.type()).isEqualTo("flag");
        assertThat(flag.json().path("route").asText()).isEqualTo("transactions");
        assertThat(flag.json().path("flag").asText()).isEqualTo("canary");
        assertThat(flag.json().at("/value/percent").asInt()).isEqualTo(50);
        assertThat(flag.id()).startsWith("2-");
    }

    @Test
    void what_an_upstream_does_comes_too() throws Exception {
        Iterator<String> lines = connect();

        admin.events.tell(new LiveEvents.Event(
                LiveEvents.Kind.HEALTH, Instant.EPOCH, Map.of("upstream", "transactions", "state", "open")));

        Event health = next(lines);
        assertThat(health.type()).isEqualTo("health");
        assertThat(health.json().toString())
                .isEqualTo("{\"time\":\"1970-01-01T00:00:00Z\",\"state\":\"open\",\"upstream\":\"transactions\"}");
    }

    @Test
    void whoever_was_cut_off_gets_what_was_missed_in_order_and_nothing_twice() throws Exception {
        Iterator<String> lines = connect();
        canary(50);
        next(lines);
        String last = next(lines).id();
        canary(51);
        admin.events.tell(
                new LiveEvents.Event(LiveEvents.Kind.HEALTH, Instant.EPOCH, Map.of("upstream", "transactions")));
        canary(52);

        Iterator<String> again = connect("Last-Event-ID", last);

        assertThat(types(again, 5)).containsExactly("revision 3", "flag 3", "health", "revision 4", "flag 4");
    }

    @Test
    void an_id_of_an_earlier_process_gets_the_revisions_since_from_the_history_and_is_told_what_else_to_read()
            throws Exception {
        canary(50);
        canary(51);

        Iterator<String> lines = connect("Last-Event-ID", "1-00000000-17");

        assertThat(types(lines, 4)).containsExactly("revision 2", "flag 2", "revision 3", "flag 3");
        Event reset = next(lines);
        assertThat(reset.type()).isEqualTo("reset");
        assertThat(reset.json().path("read")).isEqualTo(Json.array(List.of("/v1/upstreams")));
        canary(52);
        assertThat(types(lines, 1)).containsExactly("revision 4");
    }

    @Test
    void an_id_that_leads_nowhere_is_told_to_read_the_table() throws Exception {
        for (String id : List.of("nonsense", "99-00000000-1", "0-00000000-0")) {
            Event reset = next(connect("Last-Event-ID", id));

            assertThat(reset.type()).isEqualTo("reset");
            assertThat(reset.json().path("read")).isEqualTo(Json.array(List.of("/v1/table", "/v1/upstreams")));
        }
    }

    @Test
    void what_the_memory_forgot_is_taken_from_the_history() throws Exception {
        EventLog log = new EventLog(admin.revisions.port(), "00000000");
        EventId before = log.now();
        canary(50);
        log.published(admin.revisions.current());
        for (int i = 0; i < EventLog.MOST; i++) {
            log.happened(new LiveEvents.Event(LiveEvents.Kind.HEALTH, Instant.EPOCH, Map.of()));
        }

        EventLog.Told told = log.resume(before);

        assertThat(log.since(before)).isEmpty();
        assertThat(told.text()).contains("event: revision", "event: flag").endsWith("\n\n");
        assertThat(told.text().lastIndexOf("event: reset"))
                .isGreaterThan(told.text().lastIndexOf("event: flag"));
        assertThat(log.since(told.upTo())).get().extracting(EventLog.Told::text).isEqualTo("");
    }

    @Test
    void a_stream_ends_when_its_token_is_revoked() throws Exception {
        JsonNode made = TestAdmin.json(admin.post("/v1/tokens", "{\"role\":\"viewer\",\"name\":\"looker\"}"));
        Iterator<String> lines =
                connect("Authorization", "Bearer " + made.path("token").asText());

        admin.delete("/v1/tokens/" + made.path("id").asText(), "");

        assertThat(remaining(lines)).isEmpty();
    }

    @Test
    void a_stream_ends_when_its_token_expires() throws Exception {
        JsonNode made = TestAdmin.json(
                admin.post("/v1/tokens", "{\"role\":\"viewer\",\"name\":\"looker\",\"expires\":\"1h\"}"));
        Iterator<String> lines =
                connect("Authorization", "Bearer " + made.path("token").asText());

        clock.move(Duration.ofMinutes(61));

        assertThat(remaining(lines)).isEmpty();
    }

    @Test
    void of_many_that_come_at_once_exactly_as_many_are_served_as_may_be_and_the_others_get_503() throws Exception {
        List<CompletableFuture<HttpResponse<Stream<String>>>> asked = new ArrayList<>();
        for (int i = 0; i < EventStreams.MOST + 10; i++) {
            asked.add(admin.streamAsync("/v1/events"));
        }
        List<HttpResponse<Stream<String>>> served = new ArrayList<>();
        List<HttpResponse<Stream<String>>> refused = new ArrayList<>();
        for (CompletableFuture<HttpResponse<Stream<String>>> one : asked) {
            HttpResponse<Stream<String>> response = one.get(30, TimeUnit.SECONDS);
            (response.statusCode() == 200 ? served : refused).add(response);
        }

        assertThat(served).hasSize(EventStreams.MOST);
        assertThat(refused).hasSize(10).allSatisfy(response -> {
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.body().collect(Collectors.joining())).contains("/problems/too-many-streams");
        });
        served.get(0).body().close();
        await().until(() -> admin.stream("/v1/events").statusCode() == 200);
    }

    @Test
    void a_quiet_stream_says_again_and_again_that_it_is_there() throws Exception {
        Vertx vertx = Vertx.vertx();
        EventLog log = new EventLog(admin.revisions.port(), "00000000");
        EventStreams streams = new EventStreams(vertx, log, token -> true, Duration.ofMillis(20));
        Token token = new Token(
                "0", "looker", Role.VIEWER, Collections.emptyNavigableSet(), Instant.EPOCH, Optional.empty(), "");
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> {
                    request.response().setChunked(true).writeHead();
                    streams.begin(request.response(), log.now(), token);
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        URI there = URI.create("http://127.0.0.1:" + server.actualPort());

        try (Stream<String> lines = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(there).build(), HttpResponse.BodyHandlers.ofLines())
                .body()) {
            assertThat(lines.limit(6)).containsExactly(":", "", ":", "", ":", "");
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Test
    void a_server_that_closes_ends_its_streams() throws Exception {
        Iterator<String> lines = connect();

        admin.closeServer().join();

        assertThat(remaining(lines)).isEmpty();
    }

    @Test
    void HEAD_opens_no_stream() throws Exception {
        assertThat(admin.send("HEAD", "/v1/events", "").statusCode()).isEqualTo(200);
    }

    private record Event(String type, String id, JsonNode json) {}

    /** Returns once the stream has said where it begins. */
    private Iterator<String> connect(String... headers) throws Exception {
        var response = admin.stream("/v1/events", headers);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
        Iterator<String> lines = response.body().iterator();
        if (!List.of(headers).contains("Last-Event-ID")) {
            assertThat(List.of(lines.next(), lines.next(), lines.next()).toString())
                    .matches("\\[retry: 2000, id: 1-[0-9a-f]{8}-0, ]");
        }
        return lines;
    }

    private static List<String> types(Iterator<String> lines, int count) throws Exception {
        List<String> types = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Event event = next(lines);
            types.add(
                    event.json().has("revision")
                            ? event.type() + " " + event.json().path("revision").asLong()
                            : event.type());
        }
        return types;
    }

    private static Event next(Iterator<String> lines) throws Exception {
        String type = "";
        String id = "";
        String data = "";
        while (true) {
            String line = lines.next();
            if (line.startsWith("event: ")) {
                type = line.substring(7);
            } else if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("data: ")) {
                data = line.substring(6);
            } else if (line.isEmpty() && !data.isEmpty()) {
                return new Event(type, id, Json.read(data.getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    private static List<String> remaining(Iterator<String> lines) {
        List<String> remaining = new ArrayList<>();
        lines.forEachRemaining(remaining::add);
        return remaining;
    }

    private void canary(int percent) {
        admin.revisions.setCanary("transactions", new Share(percent * 100), new Cause("squad-money", "because"));
    }
}
