package dev.banyan.dataplane.mirror;

import dev.banyan.contract.ExchangeRecord;
import dev.banyan.contract.ExchangeRecord.Destination;
import dev.banyan.contract.ExchangeRecord.Phases;
import dev.banyan.contract.ReadBack;
import dev.banyan.contract.SecondLook;
import dev.banyan.contract.SeenAnswer;
import dev.banyan.contract.ShadowPair;
import dev.banyan.dataplane.exchange.HeadView;
import dev.banyan.dataplane.exchange.Witness;
import dev.banyan.dataplane.forward.RequestFields;
import dev.banyan.dataplane.message.Field;
import dev.banyan.dataplane.message.FieldLine;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.OutgoingHead;
import dev.banyan.routing.HostName;
import dev.banyan.routing.Route;
import dev.banyan.routing.Side;
import dev.banyan.routing.decide.Router;
import dev.banyan.routing.decide.Sent;
import dev.banyan.routing.decide.SentToEither;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One write, done or of unknown outcome, whose resource is read at both sides a while later. The client's own credentials are sent, and
 * its cookies as the answer renewed them; nothing is written.
 */
final class WrittenThenRead implements Witness {
    private static final int CLIENT_ERRORS = 400;
    private static final int SERVER_ERRORS = 500;
    private static final SeenAnswer WRITTEN_AGAIN = SeenAnswer.none(ReadBack.WRITTEN_AGAIN);

    /** Which passes until the last look is set. */
    private static final Duration A_MOMENT = Duration.ofMillis(100);

    /** What belongs to the write, or to its body, and not to who wrote. */
    private static final Set<String> OF_THE_WRITE = Set.of(
            "expect",
            "idempotency-key",
            "origin",
            "range",
            "te",
            "trailer",
            "transfer-encoding",
            "x-csrf-token",
            "x-http-method-override",
            "x-requested-with");

    private final KeptRequest request;
    private final long keyHash;
    private final Router router;
    private final Route.Shadow.ReadBack rules;
    private final Map<Side, AskedSide> sides;
    private final Mirroring mirroring;
    private final @Nullable String named;
    private SeenAnswer answered = SeenAnswer.none("no answer");

    /** What is read, where, and how often it had been written by then. */
    private record Resource(Head head, String path, SentToEither sent, Sent legacy, Sent modern, int writes) {}

    /**
     * One that is read back, if it was sent.
     *
     * @param keyHash tells users apart; writes need no sticky key, so the record has none
     * @param named the path by the match's names; null: it lacks one, so the answer must tell
     */
    WrittenThenRead(
            KeptRequest request,
            long keyHash,
            Router router,
            Route.Shadow.ReadBack rules,
            @Nullable String named,
            Map<Side, AskedSide> sides,
            Mirroring mirroring) {
        this.request = request;
        this.keyHash = keyHash;
        this.router = router;
        this.rules = rules;
        this.named = named;
        this.sides = sides;
        this.mirroring = mirroring;
    }

    @Override
    public int maxBodyBytes() {
        return 0;
    }

    @Override
    public void answerHead(Head head) {
        Collected seen = new Collected(0);
        seen.head(head);
        answered = seen.whole(0);
    }

    @Override
    public void ended(ExchangeRecord record) {
        request.ended();
        Destination destination = record.destination();
        if (destination == null || record.phases().sent() == Phases.NEVER || isRefused()) {
            return;
        }
        Resource resource = resource();
        if (resource == null) {
            mirroring.meters().unmade(route(), Unmade.NO_RESOURCE);
            return;
        }
        boolean looks = look(resource, rules.settle(), record, pair -> {
            if (!mirroring.reader().read(new ReadBack(pair, isDelete()))) {
                mirroring.meters().unmade(route(), Unmade.NOT_TAKEN);
            }
        });
        if (looks) {
            mirroring.meters().readBack(route());
        } else {
            mirroring.meters().unmade(route(), Unmade.BUDGET);
        }
    }

    /** Said so by a 4xx. A 5xx, or no answer at all, leaves open whether it was done. */
    private boolean isRefused() {
        return answered.status() >= CLIENT_ERRORS && answered.status() < SERVER_ERRORS;
    }

    private boolean isDelete() {
        return request.decision().sent().method().equals("DELETE");
    }

    /** Null where nobody knows where it can be read. */
    private @Nullable Resource resource() {
        String path = named == null ? located() : named;
        if (path == null) {
            return null;
        }
        Head head = read(path);
        SentToEither sent = router.sentToEither(new HeadView(head, request.origin()));
        Sent legacy = sent == null ? null : sent.legacy();
        Sent modern = sent == null ? null : sent.modern();
        if (sent == null || legacy == null || modern == null || !sent.route().equals(route())) {
            return null;
        }
        // As it is sent: normalised.
        mirroring.writes().written(legacy.path());
        boolean mayBe = Repeats.isHarmless(request.head(), answered) && !SessionPages.isOne(legacy.path());
        return mayBe
                ? new Resource(
                        head,
                        legacy.path(),
                        sent,
                        legacy,
                        modern,
                        mirroring.writes().count(legacy.path()))
                : null;
    }

    /** Where the answer says that it is, if that is on the host that the client has asked. */
    private @Nullable String located() {
        try {
            URI location = new URI(answered.first("location"));
            String asked = new HeadView(request.head(), request.origin()).host();
            boolean here = location.getRawAuthority() == null
                    || location.getHost() != null
                            && HostName.of(location.getRawAuthority()).equals(asked);
            String path = location.getRawPath();
            return here && path != null && path.startsWith("/") ? path : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    /** A GET by the same client. */
    private Head read(String path) {
        Head clients = request.head();
        List<FieldLine> fields = new ArrayList<>();
        for (int i = 0; i < clients.count(); i++) {
            String name = clients.name(i).toLowerCase(Locale.ROOT);
            boolean ofTheWrite = name.startsWith("content-") || name.startsWith("if-") || OF_THE_WRITE.contains(name);
            if (!ofTheWrite && clients.field(i) != Field.COOKIE) {
                fields.add(FieldLine.of(clients.name(i), clients.value(i)));
            }
        }
        String cookies = RenewedCookies.of(new HeadView(clients, request.origin()).cookies(), answered);
        if (!cookies.isEmpty()) {
            fields.add(FieldLine.of("Cookie", cookies));
        }
        return Head.request("GET", path, fields);
    }

    /** Asks both sides after a while. */
    private boolean look(Resource resource, Duration wait, ExchangeRecord record, Consumer<ShadowPair> told) {
        var both = new BothAnswers((legacy, modern) -> told.accept(pair(resource, record, legacy, modern)));
        Duration last = request.left().minus(Later.TO_ANSWER).minus(A_MOMENT);
        return !last.isNegative()
                && mirroring
                        .later()
                        .run(
                                request,
                                request.head().length() + (long) resource.head().length(),
                                wait.compareTo(last) < 0 ? wait : last,
                                () -> ask(resource, both),
                                () -> both.neither(BothAnswers.NOT_ASKED));
    }

    private void ask(Resource resource, BothAnswers both) {
        boolean again = mirroring.writes().count(resource.path()) != resource.writes();
        if (again) {
            both.neither(WRITTEN_AGAIN);
        } else if (!ask(Side.LEGACY, resource.legacy(), resource, both::same)) {
            both.neither(BothAnswers.NOT_ASKED);
        } else if (!ask(Side.MODERN, resource.modern(), resource, both::other)) {
            both.other(BothAnswers.NOT_ASKED);
        }
    }

    private boolean ask(Side side, Sent sent, Resource resource, Consumer<SeenAnswer> told) {
        AskedSide asked = sides.get(side);
        return asked != null
                && asked.ask(
                                Question.own(
                                        request,
                                        authority -> head(resource, sent, authority),
                                        mirroring.bounds().maxBytes()),
                                mirroring,
                                told)
                        .isEmpty();
    }

    private OutgoingHead head(Resource resource, Sent sent, String authority) {
        return RequestFields.again(
                resource.head(), sent, request.origin(), request.requestId(), authority, KeptRequest.MARK);
    }

    private ShadowPair pair(Resource resource, ExchangeRecord record, SeenAnswer legacy, SeenAnswer modern) {
        SecondLook next = (wait, told) -> look(resource, wait, record, told);
        return new ShadowPair(
                route(),
                resource.sent().match().toString(),
                record.revision(),
                request.loop().epochSeconds(),
                keyHash,
                resource.path().hashCode(),
                request.requestId(),
                Side.LEGACY,
                legacy,
                modern,
                next);
    }

    private String route() {
        return request.decision().routeId();
    }
}
