package dev.banyan.traffic.shadows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.contract.ShadowPair;
import dev.banyan.controlplane.parity.RouteParity;
import dev.banyan.controlplane.parity.Standing;
import dev.banyan.testing.ComparedEdge;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.ShadowedEdge;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What differs is looked at once more after a while: who was only late is told from who is wrong. */
class SettleTest {
    private static final String SETTLES = """
            match: [ GET /**, POST /** ]
            writes: legacy
            stick-by: [ header:X-User-Id ]
            shadow: { share: 100%, noise: off, settle: 20ms }
            """;

    @Test
    void who_says_the_same_a_while_later_was_late() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (RawUpstream legacy = RawUpstream.answering(text("new"));
                RawUpstream modern = RawUpstream.answering(head -> text(asked.incrementAndGet() == 1 ? "old" : "new"));
                ComparedEdge edge = ComparedEdge.before(legacy.port(), modern.port(), SETTLES)) {
            edge.get("/orders/1", "X-User-Id: 1");
            RouteParity parity = edge.parity(known -> known.compared() == 1);

            assertThat(parity.late()).isEqualTo(1);
            assertThat(parity.different() + parity.undecided()).isZero();
            assertThat(parity.causes()).singleElement().satisfies(cause -> {
                assertThat(cause.standing()).isEqualTo(Standing.LATE);
                assertThat(cause.fields().get(0).field()).isEqualTo("body");
            });
            assertThat(legacy.heads()).hasSize(2);
            assertThat(legacy.heads().get(1)).contains("\r\nX-Banyan-Shadow: 1\r\n");
            assertThat(modern.heads()).hasSize(2);
        }
    }

    @Test
    void who_still_says_something_else_is_wrong() throws Exception {
        try (RawUpstream legacy = RawUpstream.answering(text("new"));
                RawUpstream modern = RawUpstream.answering(text("old"));
                ComparedEdge edge = ComparedEdge.before(legacy.port(), modern.port(), SETTLES)) {
            edge.get("/orders/1", "X-User-Id: 1");
            RouteParity parity = edge.parity(known -> known.compared() == 1);

            assertThat(parity.different()).isEqualTo(1);
            assertThat(parity.late()).isZero();
        }
    }

    @Test
    void what_cannot_be_asked_again_is_undecided_since_a_user_has_one_repeat_a_minute() throws Exception {
        try (RawUpstream legacy = RawUpstream.answering(text("new"));
                RawUpstream modern = RawUpstream.answering(text("old"));
                ComparedEdge edge = ComparedEdge.before(legacy.port(), modern.port(), SETTLES)) {
            for (int i = 0; i < 3; i++) {
                edge.get("/orders/" + i, "X-User-Id: 1");
            }
            RouteParity parity = edge.parity(known -> known.compared() == 3);

            // The minute may have changed meanwhile, once.
            assertThat(parity.different()).isBetween(1L, 2L);
            assertThat(parity.undecided()).isBetween(1L, 2L);
            assertThat(legacy.heads()).hasSizeBetween(4, 5);
        }
    }

    @Test
    void what_is_the_same_at_once_is_not_asked_again() throws Exception {
        try (RawUpstream legacy = RawUpstream.answering(text("new"));
                RawUpstream modern = RawUpstream.answering(text("new"));
                ComparedEdge edge = ComparedEdge.before(legacy.port(), modern.port(), SETTLES)) {
            edge.get("/orders/1", "X-User-Id: 1");

            assertThat(edge.parity(known -> known.compared() == 1).matched()).isEqualTo(1);
            assertThat(legacy.heads()).hasSize(1);
        }
    }

    @Test
    void credentials_are_not_used_after_thirty_seconds() throws Exception {
        try (RawUpstream legacy = RawUpstream.answering(text("new"));
                RawUpstream modern = RawUpstream.answering(text("old"));
                ShadowedEdge edge = ShadowedEdge.before(legacy.port(), modern.port(), SETTLES)) {
            edge.get("/orders/1", "X-User-Id: 1", "Cookie: _session=1");
            ShadowPair pair = edge.pair();

            assertThat(pair.secondLook().take(Duration.ofSeconds(31), later -> {}))
                    .isFalse();
        }
    }

    @Test
    void a_freeze_that_comes_meanwhile_asks_nobody() throws Exception {
        try (RawUpstream legacy = RawUpstream.answering(text("new"));
                RawUpstream modern = RawUpstream.answering(text("old"));
                ComparedEdge edge = ComparedEdge.before(
                        legacy.port(), modern.port(), SETTLES.replace("settle: 20ms", "settle: 500ms"))) {
            edge.get("/orders/1", "X-User-Id: 1");
            edge.awaitCopies(1);
            edge.inForce(SETTLES.replace("100%", "0%"));

            assertThat(edge.parity(known -> known.compared() == 1).undecided()).isEqualTo(1);
            assertThat(legacy.heads()).hasSize(1);
        }
    }

    private static String text(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }
}
