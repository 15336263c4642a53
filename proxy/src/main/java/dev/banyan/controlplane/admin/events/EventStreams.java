package dev.banyan.controlplane.admin.events;

import dev.banyan.controlplane.admin.http.Call;
import dev.banyan.controlplane.admin.http.ProblemDetails;
import dev.banyan.controlplane.admin.http.Reply;
import dev.banyan.controlplane.admin.tokens.Token;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** {@code GET /v1/events}: everybody who watches, each at their own place in the log. */
public final class EventStreams {
    public static final int MOST = 64;

    /** So that no middle box takes a quiet stream for a dead one; well under the listener's idle time-out. */
    public static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private static final Duration LOOKS = Duration.ofSeconds(1);
    private static final ProblemDetails TOO_MANY = ProblemDetails.of(
            503,
            "too-many-streams",
            "Too many event streams are open",
            "There are " + MOST + " already.",
            "close one that nobody reads, or ask again later");
    private static final int MOST_QUEUED_BYTES = 256 * 1024;

    private final Vertx vertx;
    private final EventLog log;
    private final Predicate<Token> stillValid;
    private final Duration heartbeat;
    private final Duration looks;
    private final Set<Stream> streams = ConcurrentHashMap.newKeySet();

    public EventStreams(Vertx vertx, EventLog log, Predicate<Token> stillValid, Duration heartbeat) {
        this.vertx = vertx;
        this.log = log;
        this.stillValid = stillValid;
        this.heartbeat = heartbeat;
        this.looks = heartbeat.compareTo(LOOKS) < 0 ? heartbeat : LOOKS;
    }

    /** On a worker thread: what was missed may be on disk. */
    public Reply open(Call call) {
        Optional<String> last = Optional.ofNullable(call.headers().get("Last-Event-ID"));
        EventId now = log.now();
        // One that is not ours may come from anywhere, and gets what a stranger would: the advice to read.
        EventLog.Told told = last.isEmpty()
                ? new EventLog.Told(EventText.position(now), now)
                : log.resume(EventId.of(last.get()).orElse(new EventId(0, "", 0)));
        return Reply.stream(
                "text/event-stream",
                told.text(),
                response -> begin(response, told.upTo(), call.caller().token()));
    }

    /** Tells all of them that there is something new. From any thread. */
    public void wake() {
        streams.forEach(Stream::wake);
    }

    /** A stream would otherwise hold up the end of the listener. */
    public void close() {
        streams.forEach(stream -> stream.context.runOnContext(unused -> stream.end()));
    }

    /**
     * On the event loop, before the head is written; empty if it is one of them now. All streams begin on the listener's one loop, so none
     * comes in between the look at how many there are and its own place among them.
     */
    public Optional<ProblemDetails> begin(HttpServerResponse response, EventId from, Token token) {
        if (streams.size() >= MOST) {
            return Optional.of(TOO_MANY);
        }
        Stream stream = new Stream(response, from, token);
        response.setWriteQueueMaxSize(MOST_QUEUED_BYTES);
        response.closeHandler(closed -> stream.end());
        response.exceptionHandler(broken -> stream.end());
        streams.add(stream);
        stream.timer = vertx.setPeriodic(looks.toMillis(), unused -> stream.look());
        // Behind the head and the beginning, which are written when this returns.
        stream.wake();
        return Optional.empty();
    }

    /** One who watches. On its own event loop, {@link #wake} apart. */
    private final class Stream {
        private final Context context = vertx.getOrCreateContext();
        private final HttpServerResponse response;
        private final Token token;
        private EventId at;
        private long timer;
        private Duration quietFor = Duration.ZERO;

        private Stream(HttpServerResponse response, EventId from, Token token) {
            this.response = response;
            this.at = from;
            this.token = token;
        }

        private void wake() {
            context.runOnContext(unused -> advance());
        }

        private void advance() {
            if (!streams.contains(this)) {
                return;
            }
            Optional<EventLog.Told> told = log.since(at);
            // Whoever reads too slowly is let go, and takes up where they were, from memory or from the history.
            if (told.isEmpty() || response.writeQueueFull() || !stillValid.test(token)) {
                end();
            } else if (!told.get().text().isEmpty()) {
                at = told.get().upTo();
                write(told.get().text());
            }
        }

        private void look() {
            quietFor = quietFor.plus(looks);
            advance();
            if (quietFor.compareTo(heartbeat) >= 0 && streams.contains(this)) {
                write(":\n\n");
            }
        }

        private void write(String text) {
            quietFor = Duration.ZERO;
            response.write(text);
        }

        private void end() {
            if (streams.remove(this)) {
                vertx.cancelTimer(timer);
                if (response.writeQueueFull()) {
                    // Whoever does not read would not read the end either.
                    response.reset();
                } else if (!response.ended() && !response.closed()) {
                    response.end();
                }
            }
        }
    }

    /** For tests. */
    List<Token> watching() {
        return streams.stream().map(stream -> stream.token).toList();
    }
}
