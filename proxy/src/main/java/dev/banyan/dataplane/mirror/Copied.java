package dev.banyan.dataplane.mirror;

import dev.banyan.contract.ExchangeRecord;
import dev.banyan.contract.ExchangeRecord.Destination;
import dev.banyan.contract.RepeatedAnswer;
import dev.banyan.contract.SeenAnswer;
import dev.banyan.contract.ShadowPair;
import dev.banyan.dataplane.exchange.Exchange;
import dev.banyan.dataplane.exchange.Origin;
import dev.banyan.dataplane.exchange.Witness;
import dev.banyan.dataplane.forward.RequestFields;
import dev.banyan.dataplane.loop.Loop;
import dev.banyan.dataplane.message.Ascii;
import dev.banyan.dataplane.message.FieldLine;
import dev.banyan.dataplane.message.Framing;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.OutgoingHead;
import dev.banyan.routing.Side;
import dev.banyan.routing.decide.Decision;
import dev.banyan.routing.decide.Sent;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request that is copied: it sees the client's answer go by, and when that is whole it asks the other side, and hands on both. */
final class Copied implements Witness {
    private static final FieldLine MARK = FieldLine.of("X-Banyan-Shadow", "1");
    private static final String WROTE_NAME = "x-banyan-wrote";
    private static final byte[] WROTE = Ascii.bytes(WROTE_NAME);
    private static final int TOO_MANY_REQUESTS = 429;

    private final Head head;
    private final Origin origin;
    private final Loop loop;
    private final String requestId;
    private final Decision decision;
    private final Asked other;
    private final Optional<Asked> same;
    private final Mirroring mirroring;
    private final Collected body;
    private final Collected answer;
    private boolean bodyFits = true;
    private boolean answerFits = true;
    private boolean answerWhole;

    /** A side, and what it is sent. */
    record Asked(Shadowed.Other side, Sent sent) {}

    /**
     * One that is copied, if its answer is whole in the end.
     *
     * @param sent to the other side
     * @param same the side that answers, if it may be asked once more
     */
    Copied(
            Exchange exchange,
            Decision decision,
            Shadowed.Other other,
            Sent sent,
            Optional<Asked> same,
            Mirroring mirroring) {
        this.head = exchange.head().copy();
        this.origin = exchange.origin();
        this.loop = exchange.loop();
        this.requestId = exchange.requestId();
        this.decision = decision;
        this.other = new Asked(other, sent);
        this.same = same;
        this.mirroring = mirroring;
        this.body = new Collected(mirroring.bounds().maxBytes());
        this.answer = new Collected(mirroring.bounds().maxBytes());
    }

    /** One byte more than is kept, so that more than that is noticed. */
    @Override
    public int maxBodyBytes() {
        return mirroring.bounds().maxBytes() + 1;
    }

    @Override
    public void request(Exchange exchange) {
        // All of it was copied when this was made.
    }

    @Override
    public void requestData(ByteBuf view) {
        bodyFits = bodyFits && body.add(view);
    }

    @Override
    public void requestEnd(@Nullable Head trailers) {
        // An answer that is whole says it, too.
    }

    @Override
    public void answerHead(Head head) {
        if (decision.safe() && head.joined(WROTE, ",") != null) {
            mirroring.wrote().add(decision.routeId());
        }
        answer.head(head);
    }

    @Override
    public void answerData(ByteBuf view) {
        answerFits = answerFits && answer.add(view);
    }

    @Override
    public void answerEnd(@Nullable Head trailers) {
        answerWhole = true;
    }

    /** Not before: a copy must not take from the client what its own request needs. */
    @Override
    public void ended(ExchangeRecord record) {
        Destination destination = record.destination();
        if (mirroring.wrote().contains(decision.routeId())) {
            unmade(Unmade.WROTE);
        } else if (!answerWhole || destination == null || destination.answeredBy() != decision.side()) {
            unmade(Unmade.NO_ANSWER);
        } else if (!answerFits) {
            unmade(Unmade.ANSWER_TOO_LARGE);
        } else if (!bodyFits) {
            unmade(Unmade.BODY_TOO_LARGE);
        } else {
            ask(record, destination.keyHash(), answer.whole(record.phases().ended()));
        }
    }

    private void ask(ExchangeRecord record, long keyHash, SeenAnswer seen) {
        if (!seen.isPartial()) {
            askOther(copied -> {
                compare(record, keyHash, seen, copied);
                learnNoise(keyHash, seen, copied);
            });
        } else if (same.isEmpty() || !mayRepeat(keyHash, seen)) {
            // Which says why it cannot be compared.
            compare(record, keyHash, seen, seen);
        } else {
            askBoth(record, keyHash, seen, same.get());
        }
    }

    private boolean mayRepeat(long keyHash, SeenAnswer seen) {
        return !mirroring.wrote().contains(decision.routeId())
                && mirroring.repeats().take(head, seen, keyHash, loop.epochSeconds());
    }

    /**
     * Asks legacy once more, if it was legacy that answered, as soon as the copy is answered: so its second answer is as much later than
     * its first as modern's was, and what changes with time differs in it as often.
     */
    private void learnNoise(long keyHash, SeenAnswer first, SeenAnswer copied) {
        if (same.isEmpty() || decision.side() != Side.LEGACY || copied.status() == 0 || !mayRepeat(keyHash, first)) {
            return;
        }
        Optional<Unmade> notAgain = ask(
                same.get(),
                second -> mirroring
                        .reader()
                        .read(new RepeatedAnswer(
                                decision.routeId(),
                                String.valueOf(decision.match()),
                                keyHash,
                                requestId,
                                first,
                                second)));
        if (notAgain.isEmpty()) {
            mirroring.meters().repeated(decision.routeId());
        }
    }

    /** The client has the rest already, and a comparison needs the whole: each side is asked for it, within its budget. */
    private void askBoth(ExchangeRecord record, long keyHash, SeenAnswer seen, Asked again) {
        SeenAnswer[] answers = new SeenAnswer[2];
        Runnable both = () -> {
            if (answers[0] != null && answers[1] != null) {
                compare(record, keyHash, answers[0], answers[1]);
            }
        };
        boolean asked = askOther(copied -> {
            answers[1] = copied;
            both.run();
        });
        if (!asked) {
            // Then the answering side need not be troubled.
            return;
        }
        Optional<Unmade> notAgain = ask(again, copied -> {
            answers[0] = copied;
            both.run();
        });
        if (notAgain.isPresent()) {
            compare(record, keyHash, seen, seen);
        } else {
            mirroring.meters().repeated(decision.routeId());
        }
    }

    private boolean askOther(Consumer<SeenAnswer> told) {
        Optional<Unmade> why = ask(other, told);
        why.ifPresentOrElse(this::unmade, () -> mirroring.meters().made(decision.routeId()));
        return why.isEmpty();
    }

    /** Asks one side within its budget; tells why not. */
    private Optional<Unmade> ask(Asked asked, Consumer<SeenAnswer> told) {
        Shadowed.Other side = asked.side();
        Optional<Unmade> why = side.budget().take(side.clients());
        if (why.isPresent()) {
            return why;
        }
        if (!side.copies().breaker().admits()) {
            side.budget().release();
            return Optional.of(Unmade.STRAINED);
        }
        Ask.ask(
                loop,
                side.copies(),
                authority -> copy(asked.sent(), authority),
                body.bytes(),
                mirroring.bounds(),
                copied -> {
                    side.budget().release();
                    if (copied.status() == TOO_MANY_REQUESTS) {
                        side.budget().pause();
                    }
                    if (decision.safe() && copied.has(WROTE_NAME)) {
                        mirroring.wrote().add(decision.routeId());
                    }
                    told.accept(copied);
                });
        return Optional.empty();
    }

    private OutgoingHead copy(Sent sent, String authority) {
        OutgoingHead out = RequestFields.again(head, sent, origin, requestId, authority, MARK);
        if (head.framing() != Framing.NONE) {
            out.framed(Framing.LENGTH, body.length());
        }
        return out;
    }

    private void compare(ExchangeRecord record, long keyHash, SeenAnswer seen, SeenAnswer copied) {
        boolean byLegacy = decision.side() == Side.LEGACY;
        ShadowPair pair = new ShadowPair(
                decision.routeId(),
                String.valueOf(decision.match()),
                record.revision(),
                loop.epochSeconds(),
                keyHash,
                Objects.hash(head.path(), head.query()),
                requestId,
                decision.side(),
                byLegacy ? seen : copied,
                byLegacy ? copied : seen);
        if (!mirroring.reader().read(pair)) {
            unmade(Unmade.NOT_TAKEN);
        }
    }

    private void unmade(Unmade why) {
        mirroring.meters().unmade(decision.routeId(), why);
    }
}
