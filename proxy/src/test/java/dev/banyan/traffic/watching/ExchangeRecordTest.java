package dev.banyan.traffic.watching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.contract.ExchangeRecord;
import dev.banyan.contract.ExchangeRecord.AttemptRecord;
import dev.banyan.contract.ExchangeRecord.Destination;
import dev.banyan.contract.ExchangeRecord.Fault;
import dev.banyan.contract.ExchangeRecord.Phases;
import dev.banyan.dataplane.DataPlane;
import dev.banyan.routing.Side;
import dev.banyan.routing.decide.Reason;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.RecordedExchanges;
import dev.banyan.testing.Step;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import dev.banyan.testing.TwoSides;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is told of an exchange once it has ended: one value, whatever the end. */
class ExchangeRecordTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final String BUSY = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n";
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    private static Destination destination(ExchangeRecord record) {
        return Objects.requireNonNull(record.destination());
    }

    @Test
    void one_that_goes_well() throws Exception {
        try (RawUpstream modern = RawUpstream.answering(OK);
                TwoSides sides = new TwoSides(modern.port(), "", "")) {
            sides.get("X-Request-Id: mine", "traceparent: 00-" + TRACE + "-b7ad6b7169203331-01");

            ExchangeRecord record = sides.records().next();

            assertThat(record.requestId()).isEqualTo("mine");
            assertThat(record.traceId()).isEqualTo(TRACE);
            assertThat(record.revision()).isEqualTo(1);
            assertThat(record.dispatched()).isTrue();
            assertThat(destination(record))
                    .isEqualTo(new Destination(
                            "things", Side.MODERN, "modern", Reason.CANARY, -1, 0, true, Side.MODERN, ""));
            assertThat(record.attempts()).singleElement().satisfies(attempt -> {
                assertThat(attempt.side()).isEqualTo(Side.MODERN);
                assertThat(attempt.endpoint()).isEqualTo("127.0.0.1:" + modern.port());
                assertThat(attempt.outcome()).isEqualTo(AttemptRecord.ANSWERED);
                assertThat(attempt.fault()).isEqualTo(Fault.NONE);
                assertThat(attempt.status()).isEqualTo(200);
            });
            assertThat(record.status()).isEqualTo(200);
            assertThat(record.grpcStatus()).isEqualTo(-1);
            assertThat(record.answerBytes()).isEqualTo(5);
            assertThat(record.end()).isEmpty();
            Phases phases = record.phases();
            assertThat(List.of(0L, phases.dispatched(), phases.sent(), phases.answered(), phases.ended()))
                    .isSorted();
        }
    }

    @Test
    void the_first_outcome_of_modern_is_there_after_legacy_answered_instead() throws Exception {
        try (RawUpstream modern = RawUpstream.answering(BUSY);
                TwoSides sides = new TwoSides(modern.port(), "", "")) {
            assertThat(sides.get()).endsWith("legacy");

            ExchangeRecord record = sides.records().next();

            assertThat(record.attempts()).extracting(AttemptRecord::side).containsExactly(Side.MODERN, Side.LEGACY);
            assertThat(record.firstOutcome())
                    .hasValueSatisfying(first -> assertThat(first)
                            .extracting(AttemptRecord::outcome, AttemptRecord::fault, AttemptRecord::status)
                            .containsExactly("status-503", Fault.UPSTREAM, 503));
            assertThat(destination(record).side()).isEqualTo(Side.MODERN);
            assertThat(destination(record).answeredBy()).isEqualTo(Side.LEGACY);
            assertThat(destination(record).fallback()).isEqualTo("status-503");
            assertThat(record.status()).isEqualTo(200);
        }
    }

    @Test
    void an_upstream_that_cannot_be_reached_and_the_attempts_at_it() throws Exception {
        try (TwoSides sides =
                new TwoSides(RawUpstream.portNobodyListensOn(), "fallback: off", "retries: { attempts: 2 }")) {
            assertThat(sides.get()).startsWith("HTTP/1.1 502 ");

            ExchangeRecord record = sides.records().next();

            assertThat(record.attempts()).isNotEmpty().allSatisfy(attempt -> {
                assertThat(attempt.outcome()).isEqualTo("connect-failed");
                assertThat(attempt.fault()).isEqualTo(Fault.UPSTREAM);
                assertThat(attempt.status()).isZero();
            });
            assertThat(record.phases().sent()).isEqualTo(Phases.NEVER);
            assertThat(record.status()).isEqualTo(502);
            assertThat(record.end()).isEqualTo("connect-failed");
        }
    }

    @Test
    void what_met_a_connection_that_was_closing_is_not_the_first_outcome() throws Exception {
        try (RawUpstream modern = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write(OK);
                    // The next one finds it closing.
                    connection.readHead();
                });
                TwoSides sides = new TwoSides(modern.port(), "fallback: off", "")) {
            try (RawClient client = new RawClient(sides.edge().port())) {
                for (int i = 0; i < 2; i++) {
                    client.send("GET /things HTTP/1.1\r\nHost: a\r\n\r\n");
                    assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
                    assertThat(client.read(5)).isEqualTo("hello");
                }
            }
            sides.records().next();

            ExchangeRecord record = sides.records().next();
            assertThat(record.attempts()).extracting(AttemptRecord::fault).containsExactly(Fault.IDLENESS, Fault.NONE);
            assertThat(record.firstOutcome()).map(AttemptRecord::outcome).contains(AttemptRecord.ANSWERED);
        }
    }

    @Test
    void a_client_that_leaves() throws Exception {
        try (Step asked = new Step();
                RawUpstream modern = RawUpstream.running(connection -> {
                    connection.readHead();
                    asked.next();
                    connection.readHead();
                });
                TwoSides sides = new TwoSides(modern.port(), "", "")) {
            try (RawClient client = new RawClient(sides.edge().port())) {
                client.send("GET /things HTTP/1.1\r\nHost: a\r\n\r\n");
                asked.await();
            }

            ExchangeRecord record = sides.records().next();

            assertThat(record.attempts())
                    .singleElement()
                    .extracting(AttemptRecord::outcome, AttemptRecord::fault, AttemptRecord::status)
                    .containsExactly("client-gone", Fault.CLIENT, 0);
            assertThat(record.status()).isZero();
            assertThat(record.phases().answered()).isEqualTo(Phases.NEVER);
            assertThat(record.end()).isEqualTo("client-gone");
        }
    }

    @Test
    void an_answer_that_breaks_off_says_the_status_that_the_client_has() throws Exception {
        try (Step seen = new Step();
                RawUpstream modern = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhal");
                    seen.await();
                });
                TwoSides sides = new TwoSides(modern.port(), "", "")) {
            try (RawClient client = new RawClient(sides.edge().port())) {
                client.send("GET /things HTTP/1.1\r\nHost: a\r\n\r\n");
                client.readHead();
                seen.next();
                client.readToEndOrReset();
            }

            ExchangeRecord record = sides.records().next();

            assertThat(record.attempts())
                    .singleElement()
                    .extracting(AttemptRecord::fault, AttemptRecord::status)
                    .containsExactly(Fault.UPSTREAM, 200);
            assertThat(record.end()).isNotEmpty();
        }
    }

    @Test
    void what_was_refused_before_it_was_decided() throws Exception {
        RecordedExchanges records = new RecordedExchanges();
        try (RawUpstream rails = RawUpstream.answering(OK);
                TestEdge edge = TestEdge.with(
                        Tables.onlyDefault(rails.port()),
                        DataPlane.SideTraffic.NONE.seenBy(List.of(records), route -> Optional.empty()))) {
            RawClient.exchange(edge.port(), "GET /a HTTP/1.1\r\nHost: a\r\nBad Name: x\r\n\r\n");

            ExchangeRecord record = records.next();

            assertThat(record.destination()).isNull();
            assertThat(record.dispatched()).isFalse();
            assertThat(record.firstOutcome()).isEmpty();
            assertThat(record.status()).isEqualTo(400);
            assertThat(record.end()).isNotEmpty();
        }
    }

    @Test
    void users_are_told_apart_without_being_named() throws Exception {
        RecordedExchanges records = new RecordedExchanges();
        try (RawUpstream rails = RawUpstream.answering(OK);
                TestEdge edge = TestEdge.with(
                        Tables.of("""
                                default: rails
                                upstreams:
                                  rails: { url: "http://127.0.0.1:%1$d" }
                                  modern: { url: "http://127.0.0.1:%1$d" }
                                routes:
                                  things:
                                    match: GET /things
                                    legacy: rails
                                    modern: modern
                                    canary: 50%%
                                    stick-by: [ header:X-User ]
                                """.formatted(rails.port())),
                        DataPlane.SideTraffic.NONE.seenBy(List.of(records), route -> Optional.empty()))) {
            long[] hashes = new long[3];
            String[] users = {"ann", "ben", "ann"};
            for (int i = 0; i < users.length; i++) {
                RawClient.exchange(
                        edge.port(),
                        "GET /things HTTP/1.1\r\nHost: a\r\nX-User: " + users[i] + "\r\nConnection: close\r\n\r\n");
                ExchangeRecord record = records.next();
                hashes[i] = destination(record).keyHash();
                assertThat(destination(record).group())
                        .isEqualTo(destination(record).bucket() % 50)
                        .isNotNegative();
                assertThat(record.toString()).doesNotContain(users[i]);
            }

            assertThat(hashes[0]).isEqualTo(hashes[2]).isNotEqualTo(hashes[1]).isNotZero();
        }
    }
}
