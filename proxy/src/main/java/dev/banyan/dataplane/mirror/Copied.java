package dev.banyan.dataplane.mirror;

import dev.banyan.contract.ExchangeRecord;
import dev.banyan.contract.ExchangeRecord.Destination;
import dev.banyan.contract.RepeatedAnswer;
import dev.banyan.contract.SecondLook;
import dev.banyan.contract.SeenAnswer;
import dev.banyan.contract.ShadowPair;
import dev.banyan.dataplane.exchange.Witness;
import dev.banyan.dataplane.message.Head;
import dev.banyan.routing.Side;
import dev.banyan.routing.decide.Decision;
import dev.banyan.routing.decide.Sent;
import io.netty.buffer.ByteBuf;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request that is copied: it sees the client's answer go by, and when that is whole it asks the other side, and hands on both. */
final class Copied implements Witness {
    private final KeptRequest request;
    private final Decision decision;
    private final Asked other;
    private final Optional<Asked> same;
    private final boolean learnsNoise;
    private final Mirroring mirroring;
    private final Collected body;
    private Collected answer;

    /** A side, and what it is sent. */
    record Asked(AskedSide side, Sent sent) {}

    /**
     * One that is copied, if its answer is whole in the end.
     *
     * @param other the side that does not answer
     * @param same the side that answers, if it may be asked once more
     * @param learnsNoise whether that is asked once more, to learn what differs by itself
     */
    Copied(KeptRequest request, Asked other, Optional<Asked> same, boolean learnsNoise, Mirroring mirroring) {
        this.request = request;
        this.decision = request.decision();
        this.other = other;
        this.same = same;
        this.learnsNoise = learnsNoise;
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
    public void requestData(ByteBuf view) {
        body.see(view);
    }

    @Override
    public void answerHead(Head head) {
        mirroring.look(decision, head);
        answer.head(head);
    }

    @Override
    public void answerData(ByteBuf view) {
        answer.see(view);
    }

    @Override
    public void answerEnd(@Nullable Head trailers) {
        answer.end();
    }

    /** Not before: a copy must not take from the client what its own request needs. */
    @Override
    public void ended(ExchangeRecord record) {
        request.ended();
        Destination destination = record.destination();
        if (mirroring.wrote().contains(decision.routeId())) {
            unmade(Unmade.WROTE);
        } else if (!answer.hasEnded() || destination == null || destination.answeredBy() != decision.side()) {
            unmade(Unmade.NO_ANSWER);
        } else if (answer.isTooLarge()) {
            unmade(Unmade.ANSWER_TOO_LARGE);
        } else if (body.isTooLarge()) {
            unmade(Unmade.BODY_TOO_LARGE);
        } else {
            SeenAnswer seen = answer.whole(record.phases().ended());
            // This may be kept until a second look, without what only the first needs.
            answer = new Collected(0);
            ask(record, destination.keyHash(), seen);
        }
    }

    private void ask(ExchangeRecord record, long keyHash, SeenAnswer seen) {
        if (!seen.isPartial()) {
            askOther(copied -> {
                SecondLook look = secondLook(record, keyHash, seen.withoutBody(), copied.withoutBody());
                compare(pair(record.revision(), keyHash, seen, copied, look));
                learnNoise(keyHash, seen, copied);
            });
        } else if (same.isEmpty() || !mayRepeat(keyHash, seen)) {
            // Which says why it cannot be compared.
            compare(pair(record.revision(), keyHash, seen, seen, SecondLook.NONE));
        } else {
            askBoth(record, keyHash, seen, same.get());
        }
    }

    private boolean mayRepeat(long keyHash, SeenAnswer seen) {
        return !mirroring.wrote().contains(decision.routeId())
                && mirroring.repeats().take(request.head(), seen, keyHash);
    }

    /**
     * Asks legacy once more, if it was legacy that answered, as soon as the copy is answered: so its second answer is as much later than
     * its first as modern's was, and what changes with time differs in it as often.
     */
    private void learnNoise(long keyHash, SeenAnswer first, SeenAnswer copied) {
        if (!learnsNoise
                || same.isEmpty()
                || decision.side() != Side.LEGACY
                || copied.status() == 0
                || !mayRepeat(keyHash, first)) {
            return;
        }
        repeat(
                same.get(),
                second -> mirroring
                        .reader()
                        .read(new RepeatedAnswer(
                                decision.routeId(), request.match(), keyHash, request.requestId(), first, second)));
    }

    /** The client has the rest already, and a comparison needs the whole: each side is asked for it, within its budget. */
    private void askBoth(ExchangeRecord record, long keyHash, SeenAnswer seen, Asked again) {
        var both = new BothAnswers((one, two) -> compare(pair(record.revision(), keyHash, one, two, SecondLook.NONE)));
        if (!askOther(both::other)) {
            // Then the answering side need not be troubled.
            return;
        }
        if (!repeat(again, both::same)) {
            compare(pair(record.revision(), keyHash, seen, seen, SecondLook.NONE));
        }
    }

    /** Both sides asked once more, the user's one repeat of this minute: if neither's answer forbids it. */
    private SecondLook secondLook(ExchangeRecord record, long keyHash, SeenAnswer seen, SeenAnswer copied) {
        if (same.isEmpty() || !Repeats.isHarmless(request.head(), copied)) {
            return SecondLook.NONE;
        }
        Asked again = same.get();
        return (wait, told) -> {
            var both = new BothAnswers(
                    (one, two) -> told.accept(pair(record.revision(), keyHash, one, two, SecondLook.NONE)));
            return mayRepeat(keyHash, seen)
                    && mirroring
                            .later()
                            .run(
                                    request,
                                    request.head().length() + (long) body.length(),
                                    wait,
                                    () -> lookAgain(again, both),
                                    () -> both.neither(BothAnswers.NOT_ASKED));
        };
    }

    private void lookAgain(Asked again, BothAnswers both) {
        if (!repeat(other, both::other)) {
            both.neither(BothAnswers.NOT_ASKED);
        } else if (!repeat(again, both::same)) {
            both.same(BothAnswers.NOT_ASKED);
        }
    }

    private boolean askOther(Consumer<SeenAnswer> told) {
        Optional<Unmade> why = ask(other, false, told);
        why.ifPresentOrElse(this::unmade, () -> mirroring.meters().made(decision.routeId()));
        return why.isEmpty();
    }

    /** Asks a side what it has answered already. */
    private boolean repeat(Asked again, Consumer<SeenAnswer> told) {
        boolean asked = ask(again, true, told).isEmpty();
        if (asked) {
            mirroring.meters().repeated(decision.routeId());
        }
        return asked;
    }

    /** Asks one side within its budget; tells why not. */
    private Optional<Unmade> ask(Asked asked, boolean again, Consumer<SeenAnswer> told) {
        return asked.side()
                .ask(
                        new Question(
                                request,
                                again,
                                decision.safe(),
                                authority -> request.again(asked.sent(), authority, body.length()),
                                body.bytes(),
                                mirroring.bounds().maxBytes()),
                        mirroring,
                        told);
    }

    /** @param one of the side that answered the client */
    private ShadowPair pair(long revision, long keyHash, SeenAnswer one, SeenAnswer two, SecondLook secondLook) {
        boolean byLegacy = decision.side() == Side.LEGACY;
        return new ShadowPair(
                decision.routeId(),
                request.match(),
                revision,
                request.loop().epochSeconds(),
                keyHash,
                request.targetHash(),
                request.requestId(),
                decision.side(),
                byLegacy ? one : two,
                byLegacy ? two : one,
                secondLook);
    }

    private void compare(ShadowPair pair) {
        if (!mirroring.reader().read(pair)) {
            unmade(Unmade.NOT_TAKEN);
        }
    }

    private void unmade(Unmade why) {
        mirroring.meters().unmade(decision.routeId(), why);
    }
}
