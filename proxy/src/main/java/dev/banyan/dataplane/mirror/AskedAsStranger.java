package dev.banyan.dataplane.mirror;

import dev.banyan.contract.ExchangeRecord;
import dev.banyan.contract.SeenAnswer;
import dev.banyan.contract.SkippedCheck;
import dev.banyan.dataplane.exchange.Origin;
import dev.banyan.dataplane.exchange.Witness;
import dev.banyan.dataplane.forward.RequestFields;
import dev.banyan.dataplane.message.Field;
import dev.banyan.dataplane.message.FieldLine;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.OutgoingHead;
import dev.banyan.routing.decide.Sent;
import io.netty.buffer.ByteBuf;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request that a client was served, made once more by somebody who may not see it: by nobody, or by a test user. Legacy is asked
 * first, and only where it refuses modern; of whose answer nothing but the head is read. Modern serving it has skipped a check.
 */
final class AskedAsStranger implements Witness {
    private static final int OK = 200;
    private static final Set<Integer> REFUSALS = Set.of(401, 403, 404);
    private static final int UNAUTHORIZED = 401;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private final KeptRequest request;
    private final List<FieldLine> credentials;
    private final String address;
    private final Sides sides;
    private final Mirroring mirroring;
    private final Collected answer;

    /** Both sides, and what each is sent. */
    record Sides(Copied.Asked legacy, Copied.Asked modern) {}

    /** @param credentials of the test user; empty: nobody's */
    AskedAsStranger(KeptRequest request, List<FieldLine> credentials, Sides sides, Mirroring mirroring) {
        this.request = request;
        this.credentials = credentials;
        this.address = mirroring.rules().strangersAddress();
        this.sides = sides;
        this.mirroring = mirroring;
        this.answer = new Collected(mirroring.bounds().maxBytes());
    }

    @Override
    public int maxBodyBytes() {
        return mirroring.bounds().maxBytes() + 1;
    }

    @Override
    public void answerHead(Head head) {
        mirroring.look(request.decision(), head);
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

    @Override
    public void ended(ExchangeRecord record) {
        request.ended();
        SeenAnswer seen = answer.whole(record.phases().ended());
        if (answer.hasEnded()
                && !answer.isTooLarge()
                && seen.status() == OK
                && Repeats.isHarmless(request.head(), seen)
                && !mirroring.wrote().contains(route())
                && mirroring.strangers().take(what(), now())) {
            ask(
                    sides.legacy(),
                    mirroring.bounds().maxBytes(),
                    byLegacy -> legacySaid(record.revision(), seen, byLegacy));
        }
    }

    private void legacySaid(long revision, SeenAnswer seen, SeenAnswer byLegacy) {
        if (byLegacy.status() == UNAUTHORIZED && !isNobody() || isLogin(byLegacy) && !isNobody()) {
            // The test user is not signed in any more: whatever modern says proves nothing.
            mirroring.meters().unmade(route(), Unmade.TEST_USER_UNKNOWN);
        } else if (REFUSALS.contains(byLegacy.status()) || isLogin(byLegacy)) {
            askModern(revision, byLegacy.status(), seen, false);
        } else if (byLegacy.status() == OK && byLegacy.isWhole()) {
            mirroring
                    .reader()
                    .resembles(
                            route(),
                            seen,
                            byLegacy,
                            same -> request.loop().eventLoop().execute(() -> served(revision, seen, same)));
        }
    }

    /** Legacy said 200: it was what the client had got, or a page to log in by. */
    private void served(long revision, SeenAnswer seen, boolean same) {
        if (same) {
            mirroring.strangers().isOpen(what(), now());
        } else if (isNobody()) {
            askModern(revision, OK, seen, true);
        }
    }

    /** @param mayBeLogin its 200 may be a page to log in by, too, unless its head is that of what the client got */
    private void askModern(long revision, int legacy, SeenAnswer seen, boolean mayBeLogin) {
        ask(sides.modern(), 0, byModern -> {
            boolean serves = byModern.status() == OK && isOfType(seen, byModern);
            boolean surely = serves && (isOf(seen, byModern) || !mayBeLogin && !isPage(byModern));
            if (surely || serves && !mayBeLogin) {
                mirroring
                        .reader()
                        .read(new SkippedCheck(
                                route(),
                                request.match(),
                                revision,
                                now(),
                                request.requestId(),
                                !isNobody(),
                                surely,
                                legacy,
                                byModern.status()));
            }
        });
    }

    /** Where legacy redirects, modern may show a page to log in by in its place. */
    private static boolean isPage(SeenAnswer answer) {
        return type(answer).equals("text/html");
    }

    /** A page to log in by is HTML, where a client asked for something else. */
    private static boolean isOfType(SeenAnswer seen, SeenAnswer byModern) {
        return type(seen).equals(type(byModern));
    }

    private static String type(SeenAnswer answer) {
        return answer.first("content-type").split(";", 2)[0].strip();
    }

    private static boolean isOf(SeenAnswer seen, SeenAnswer byModern) {
        String tag = byModern.first("etag");
        return isOfType(seen, byModern)
                && (!tag.isEmpty() && tag.equals(seen.first("etag"))
                        || byModern.first("content-length").equals(Integer.toString(seen.body().length)));
    }

    private static boolean isLogin(SeenAnswer answer) {
        if (!REDIRECTS.contains(answer.status())) {
            return false;
        }
        try {
            String path = new URI(answer.first("location")).getPath();
            return path != null && SessionPages.isOne(path);
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private void ask(Copied.Asked asked, int maxBytes, Consumer<SeenAnswer> told) {
        Optional<Unmade> why = asked.side()
                .ask(Question.own(request, authority -> head(asked.sent(), authority), maxBytes), mirroring, told);
        if (why.isEmpty()) {
            mirroring.meters().asStranger(route(), isNobody() ? "anonymous" : "probe");
        }
    }

    /** Nothing of the client's but the path, Host, Accept and User-Agent. */
    private OutgoingHead head(Sent sent, String authority) {
        List<FieldLine> fields = new ArrayList<>();
        Head clients = request.head();
        for (int i = 0; i < clients.count(); i++) {
            boolean kept = switch (clients.field(i)) {
                case HOST, ACCEPT, USER_AGENT -> true;
                default -> false;
            };
            if (kept) {
                fields.add(FieldLine.of(clients.name(i), clients.value(i)));
            }
        }
        if (clients.indexOf(Field.HOST, 0) < 0 && clients.authority() != null) {
            fields.add(FieldLine.of("Host", String.valueOf(clients.authority())));
        }
        fields.addAll(credentials);
        return RequestFields.again(
                Head.request(sent.method(), sent.path(), fields),
                sent,
                Origin.of(address, request.isHttps()),
                request.requestId(),
                authority,
                KeptRequest.MARK);
    }

    private boolean isNobody() {
        return credentials.isEmpty();
    }

    private Strangers.Open what() {
        return new Strangers.Open(
                route(),
                isNobody() ? request.match() : String.valueOf(request.head().path()));
    }

    private String route() {
        return request.decision().routeId();
    }

    private long now() {
        return request.loop().epochSeconds();
    }
}
