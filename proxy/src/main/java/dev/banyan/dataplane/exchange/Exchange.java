package dev.banyan.dataplane.exchange;

import dev.banyan.contract.ExchangeRecord;
import dev.banyan.dataplane.loop.Loop;
import dev.banyan.dataplane.message.Field;
import dev.banyan.dataplane.message.FieldLine;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.MessageError;
import dev.banyan.dataplane.message.OutgoingHead;
import dev.banyan.routing.RequestView;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer: its state, touched on one event loop only. It ends exactly once, however it ends.
 *
 * <p>From the client's connection come {@link #requestData}, {@link #requestEnd}, {@link #requestBroken}, {@link #clientGone} and
 * {@link #clientWritable}; from {@code forward} come {@link #answer(OutgoingHead)}, {@link #answerData} and {@link #answerEnd}.
 */
public final class Exchange {
    private static final int BAD_REQUEST = 400;

    private final Head head;
    private final Origin origin;
    private final Loop loop;
    private final ClientStream client;
    private final RequestBody body;
    private final HeadView view;
    private final String requestId;
    private final Course course = new Course();
    private final boolean call;
    private final List<EndListener> endListeners = new ArrayList<>(3);

    private @Nullable Forwarding forwarding;
    private @Nullable Testimony testimony;
    private int status;
    private long answerBytes;
    private long tunnelledBytes;
    private boolean tunnel;
    private String endReason = "";
    private @Nullable GrpcStatus callStatus;
    private boolean ended;

    /** What is done for this exchange somewhere else, and must stop when the client goes. */
    public interface Forwarding {
        void clientGone();

        void clientWritable();
    }

    /** Told once, when the exchange has ended; its head can still be read. */
    public interface EndListener {
        void ended(Exchange exchange, ExchangeRecord record);
    }

    public Exchange(Head head, Peer peer, Loop loop, ClientStream client) {
        this.head = head;
        this.origin = peer.origin(head);
        this.loop = loop;
        this.client = client;
        this.body = new RequestBody(client, head);
        this.view = new HeadView(head, origin);
        this.call = GrpcStatus.isSpokenIn(head);
        String sent = RequestId.sanitised(head.first(Field.X_REQUEST_ID));
        this.requestId = sent.isEmpty() ? loop.newRequestId() : sent;
    }

    // What stages read and set.

    public Head head() {
        return head;
    }

    public RequestView view() {
        return view;
    }

    public Origin origin() {
        return origin;
    }

    public Loop loop() {
        return loop;
    }

    public RequestBody body() {
        return body;
    }

    public ClientStream client() {
        return client;
    }

    /** Id of the request, the client's if it sent a usable one: in logs, in local answers, and for the upstream. */
    public String requestId() {
        return requestId;
    }

    /** How far it has come, and by which way. */
    public Course course() {
        return course;
    }

    public void formMethod(RequestView.FormMethod found) {
        view.formMethod(found);
    }

    /** Tells one more, in the order in which they asked. */
    public void whenEnded(EndListener listener) {
        endListeners.add(listener);
    }

    /** Lets a witness see it, from its head on. Called before it is sent. */
    public void seenBy(Witness witness) {
        Testimony shown = new Testimony(witness);
        testimony = shown;
        whenEnded(shown);
        shown.request(this);
        body.shownTo(shown);
    }

    public void forwardedBy(Forwarding forwarding) {
        this.forwarding = forwarding;
    }

    /** Status that the client got, or the one that is meant by a {@code grpc-status} of ours; 0 while it got none. */
    public int status() {
        return status;
    }

    /** Whether it is a call of gRPC. */
    public boolean isCall() {
        return call;
    }

    /** How the call went, as its client is told. */
    public void callEnds(GrpcStatus said) {
        callStatus = said;
    }

    /** How the call went; null: it is none, or nobody can tell. */
    public @Nullable GrpcStatus callStatus() {
        return callStatus;
    }

    /** Bytes of the request's body, or that the client sent into the tunnel. */
    public long requestBytes() {
        return body.seenBytes() + tunnelledBytes;
    }

    /** Bytes of the answer's body, or that the client got through the tunnel. */
    public long answerBytes() {
        return answerBytes;
    }

    /** Why it did not go the usual way; empty if it did. */
    public String endReason() {
        return endReason;
    }

    public boolean ended() {
        return ended;
    }

    // From the client.

    public void requestData(ByteBuf data) {
        assertOnLoop();
        if (ended) {
            data.release();
            return;
        }
        body.data(data);
    }

    public void requestEnd(@Nullable Head trailers) {
        if (!ended) {
            body.end(trailers);
        }
    }

    public void requestPaused() {
        body.flush();
    }

    /** The request's body turned out malformed: no part of it may look whole to an upstream. */
    public void requestBroken(MessageError error) {
        stopForwarding();
        if (ended) {
            return;
        }
        if (status == 0) {
            answer(LocalAnswer.of(error.status(), error.reason(), error.detail()));
        } else {
            cut(error.reason());
        }
    }

    public void clientGone() {
        assertOnLoop();
        stopForwarding();
        if (call && !ended) {
            callStatus = GrpcStatus.CANCELLED;
        }
        end("client-gone");
    }

    public void clientWritable() {
        if (forwarding != null) {
            forwarding.clientWritable();
        }
    }

    // To the client.

    public void interim(OutgoingHead answer) {
        client.interim(answer);
    }

    public void answer(OutgoingHead answer) {
        answer(answer, answer.status());
    }

    /** @param meant the status for logs and meters */
    void answer(OutgoingHead answer, int meant) {
        assertOnLoop();
        assert status == 0 : "a second answer to exchange " + requestId;
        status = meant;
        course.answered();
        client.head(answer);
    }

    /**
     * Answers with what an upstream said.
     *
     * @param asItCame what the upstream sent, of which {@code answer} was made
     */
    public void answer(OutgoingHead answer, Head asItCame) {
        Testimony shown = testimony;
        if (shown != null) {
            shown.answerHead(asItCame);
        }
        answer(answer);
    }

    /**
     * Grants a WebSocket: the exchange ends when its tunnel does.
     *
     * @param whenEnded run just before
     */
    public void tunnel(OutgoingHead answer, Channel upstream, Runnable whenEnded) {
        assertOnLoop();
        assert status == 0 : "a second answer to exchange " + requestId;
        status = answer.status();
        tunnel = true;
        course.answered();
        forwarding = null;
        client.tunnel(answer, upstream, tunnelled -> {
            answerBytes = tunnelled.toClientBytes();
            tunnelledBytes = tunnelled.toUpstreamBytes();
            whenEnded.run();
            end(tunnelled.reason());
        });
    }

    public void answerData(ByteBuf data) {
        answerBytes += data.readableBytes();
        Testimony shown = testimony;
        if (shown != null) {
            shown.answerData(data);
        }
        client.body(data);
    }

    public void answerEnd(@Nullable Head trailers) {
        Testimony shown = testimony;
        if (shown != null) {
            shown.answerEnd(trailers);
        }
        client.end(trailers);
        end(endReason);
        client.ended();
    }

    /** Answers by itself; nothing has been answered yet. */
    public void answer(LocalAnswer answer, FieldLine... more) {
        if (ended) {
            return;
        }
        endReason = answer.reason();
        if (answer.status() == BAD_REQUEST) {
            // Who sends what cannot be read in one way only is not listened to any longer.
            client.closeAfterAnswer();
        }
        LocalAnswerWriter.write(this, answer, more);
    }

    /** Breaks the answer off: what the client has must not look whole. */
    public void cut(String reason) {
        if (!ended) {
            client.cut();
            end(reason);
        }
    }

    /** Breaks the answer to a call off, by trailers that say what failed, if the client reads them. */
    public void cut(String reason, Head lastWords) {
        if (!ended && client.trailersAreRead()) {
            endReason = reason;
            answerEnd(lastWords);
        } else {
            cut(reason);
        }
    }

    private void stopForwarding() {
        Forwarding under = forwarding;
        forwarding = null;
        if (under != null) {
            under.clientGone();
        }
    }

    private void end(String reason) {
        if (ended) {
            return;
        }
        ended = true;
        endReason = reason;
        forwarding = null;
        body.discard();
        ExchangeRecord record = record();
        for (EndListener listener : endListeners) {
            listener.ended(this, record);
        }
    }

    private ExchangeRecord record() {
        GrpcStatus callEnded = callStatus;
        return new ExchangeRecord(
                requestId,
                TraceId.of(head),
                loop.epochSeconds(),
                course.revision(),
                course.destination(),
                course.attempts(),
                status,
                callEnded == null ? -1 : callEnded.number(),
                tunnel,
                requestBytes(),
                answerBytes,
                course.phases(),
                endReason);
    }

    private void assertOnLoop() {
        assert loop.eventLoop().inEventLoop() : "exchange " + requestId + " used off its event loop";
    }
}
