package dev.banyan.services.transactions;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.money.json.RailsJson;
import dev.banyan.services.kit.UserHeader;
import dev.banyan.services.kit.answers.Answer;
import dev.banyan.services.kit.demo.Bug;
import dev.banyan.services.kit.demo.Bug.ShowsIn;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** What a squad may well get wrong when it writes the monolith's transactions anew. Each of these happened to somebody. */
final class TransactionsBugs {
    private static final String LOCALE = "de";
    private static final int SHORT_TEXT = 8;
    private static final int ONE_IN = 50;
    private static final int LOST_ONE_IN = 3;
    private static final Duration SLOW = Duration.ofMillis(40);
    private static final Duration VERY_SLOW = Duration.ofMillis(800);
    private static final Duration ZONE = Duration.ofHours(2);

    private TransactionsBugs() {}

    static List<Bug> all() {
        return List.of(
                new Bug(
                        "wrong-rounding",
                        ShowsIn.READS,
                        "$.items[*].amount",
                        "amounts are rounded to one decimal",
                        Bug.rows(row -> row.put("amount", rounded(row.path("amount"))))),
                new Bug(
                        "missing-field",
                        ShowsIn.READS,
                        "$.items[*].updated_at",
                        "updated_at was forgotten",
                        Bug.rows(row -> row.remove("updated_at"))),
                new Bug(
                        "stale-data",
                        ShowsIn.READS,
                        "$.items[*]",
                        "a cache keeps what it was first asked for, for ever",
                        new Stale()),
                new Bug(
                        "off-by-one-page",
                        ShowsIn.READS,
                        "$.items[*]",
                        "a page begins with its second row",
                        Bug.lists(items -> {
                            if (!items.isEmpty()) {
                                items.remove(0);
                            }
                        })),
                new Bug(
                        "duplicated-item",
                        ShowsIn.READS,
                        "$.items",
                        "the first row stands in the list twice",
                        Bug.lists(items -> {
                            if (!items.isEmpty()) {
                                items.insert(0, items.get(0));
                            }
                        })),
                new Bug(
                        "other-users-data",
                        ShowsIn.READS,
                        "$.items[*]",
                        "each user gets what is the next one's",
                        Bug.reads(TransactionsBugs::askForTheNext)),
                new Bug(
                        "wrong-time-zone",
                        ShowsIn.READS,
                        "$.items[*].created_at",
                        "times are those of a zone in the east, and say that they are UTC",
                        Bug.rows(row -> row.put("created_at", shifted(row.path("created_at"))))),
                new Bug(
                        "truncated-text",
                        ShowsIn.READS,
                        "$.items[*].description",
                        "the column is too short for a description",
                        Bug.rows(row -> row.put("description", truncated(row.path("description"))))),
                new Bug(
                        "wrong-encoding",
                        ShowsIn.READS,
                        "$.items[*].description",
                        "the database's UTF-8 is read as Latin-1",
                        Bug.rows(row -> row.put(
                                "description",
                                new String(
                                        row.path("description").asText().getBytes(StandardCharsets.UTF_8),
                                        StandardCharsets.ISO_8859_1)))),
                new Bug(
                        "double-escape",
                        ShowsIn.READS,
                        "$.items[*].description",
                        "texts are escaped for HTML, and then for JSON",
                        Bug.rows(row -> row.put(
                                "description", row.path("description").asText().replace("&", "&amp;")))),
                new Bug(
                        "large-integers-rounded",
                        ShowsIn.READS,
                        "$.items[*].reference",
                        "numbers go through a double, as in JavaScript",
                        Bug.rows(row -> row.put("reference", (long)
                                (double) row.path("reference").asLong()))),
                new Bug(
                        "wrong-status",
                        ShowsIn.READS,
                        "status",
                        "what is not found is answered 410",
                        Bug.answers(
                                answer -> answer.status() == 404,
                                answer -> new Answer(410, answer.headers(), answer.body()))),
                new Bug(
                        "wrong-content-type",
                        ShowsIn.READS,
                        "header content-type",
                        "JSON is called text/html",
                        Bug.answers(all -> true, answer -> answer.with("Content-Type", "text/html; charset=utf-8"))),
                new Bug(
                        "lost-header",
                        ShowsIn.READS,
                        "header cache-control",
                        "nobody says how long an answer may be kept",
                        Bug.answers(all -> true, answer -> answer.without("Cache-Control"))),
                new Bug(
                        "cacheable-for-all",
                        ShowsIn.READS,
                        "header cache-control",
                        "shared caches may keep what is one user's",
                        Bug.answers(
                                answer -> answer.status() == 200,
                                answer -> answer.with("Cache-Control", "public, max-age=300"))),
                new Bug(
                        "wrong-etag",
                        ShowsIn.READS,
                        "header etag",
                        "the tag stays the same when the content changes",
                        Bug.answers(
                                answer -> answer.status() == 200,
                                answer -> answer.with("ETag", "W/\"00000000000000000000000000000000\""))),
                new Bug(
                        "half-a-body",
                        ShowsIn.READS,
                        "body",
                        "a buffer is too small: the second half of each document is missing",
                        Bug.answers(
                                answer -> answer.status() == 200,
                                answer -> new Answer(
                                        200,
                                        answer.headers(),
                                        answer.body().slice(0, answer.body().length() / 2)))),
                new Bug(
                        "500-for-one-locale",
                        ShowsIn.READS,
                        "status",
                        "who wants German gets 500: a translation is missing",
                        Bug.failing(TransactionsBugs::wantsGerman)),
                new Bug(
                        "three-times-slower",
                        ShowsIn.LATENCY,
                        "",
                        "a query for each row",
                        Bug.reads(context -> later(context, SLOW))),
                new Bug(
                        "slow-for-two-percent",
                        ShowsIn.LATENCY,
                        "",
                        "one request in fifty waits for a lock",
                        new SometimesSlow()),
                new Bug(
                        "lost-write",
                        ShowsIn.READS,
                        "$.items[*]",
                        "one in three of the monolith's writes never arrives",
                        new LostWrites()));
    }

    private static String rounded(JsonNode amount) {
        return new BigDecimal(amount.asText()).setScale(1, RoundingMode.HALF_UP).toPlainString();
    }

    private static String shifted(JsonNode time) {
        return RailsJson.time(Instant.parse(time.asText()).plus(ZONE));
    }

    private static String truncated(JsonNode text) {
        String whole = text.asText();
        return whole.substring(0, Math.min(SHORT_TEXT, whole.length()));
    }

    private static void askForTheNext(RoutingContext context) {
        Long user = UserHeader.of(context.request());
        if (user != null) {
            context.request().headers().set(UserHeader.NAME, Long.toString(user + 1));
        }
        context.next();
    }

    private static boolean wantsGerman(HttpServerRequest request) {
        String languages = request.getHeader("Accept-Language");
        return languages != null && languages.startsWith(LOCALE);
    }

    private static void later(RoutingContext context, Duration delay) {
        context.vertx().setTimer(delay.toMillis(), timer -> context.next());
    }

    /** What was first answered to a user for a target. */
    private static final class Stale implements Bug.Effect {
        private final Map<String, Answer> kept = new HashMap<>();

        @Override
        public Answer answered(RoutingContext context, Answer answer) {
            if (!Bug.isRead(context) || answer.status() != 200) {
                return answer;
            }
            return kept.computeIfAbsent(
                    context.request().uri() + " " + UserHeader.of(context.request()), first -> answer);
        }
    }

    private static final class SometimesSlow implements Bug.Effect {
        private final SplittableRandom random = new SplittableRandom();

        @Override
        public void asked(RoutingContext context) {
            if (Bug.isRead(context) && random.nextInt(ONE_IN) == 0) {
                later(context, VERY_SLOW);
            } else {
                context.next();
            }
        }
    }

    private static final class LostWrites implements Bug.Effect {
        private int writes;

        @Override
        public boolean loses(JsonNode row) {
            return writes++ % LOST_ONE_IN == 0;
        }
    }
}
