package dev.banyan.dataplane.exchange;

import dev.banyan.dataplane.message.Field;
import dev.banyan.dataplane.message.Framing;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.OutgoingHead;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A request's body on its way: queued while nobody takes it, held (up to a bound) where it may have to be looked into or sent again,
 * then streamed. Push back goes to the client whenever more is queued than a bound.
 */
public final class RequestBody {
    /** Queued while an upstream connects; more would be memory a slow upstream can be made to cost. */
    private static final long MAX_QUEUED_BYTES = 64 * 1024;

    private final ClientStream client;
    private final Pieces queued = new Pieces();
    private final boolean expected;
    private final long announcedBytes;
    private long seenBytes;
    private boolean complete;
    private @Nullable Head trailers;
    private @Nullable RequestSink sink;
    private @Nullable Hold hold;
    private final boolean expectsContinue;
    private boolean answeredExpectation;
    private final Pieces kept = new Pieces();
    private long keepBytes;
    private boolean anyLost;
    private @Nullable Testimony testimony;

    /** Somebody who waits for the whole body, if it is not too large. */
    private record Hold(long maxBytes, Runnable whenHeldOrTooLarge) {}

    RequestBody(ClientStream client, Head head) {
        this.client = client;
        this.expected = head.framing() != Framing.NONE;
        this.announcedBytes = head.framing() == Framing.LENGTH ? head.contentLength() : -1;
        this.complete = !expected;
        this.expectsContinue = expected && !head.http10() && head.indexOf(Field.EXPECT, 0) >= 0;
    }

    /** Whether the client waits for 100 before it sends the body, and has not got it from us. */
    public boolean expectsContinue() {
        return expectsContinue && !answeredExpectation;
    }

    /** Whether Banyan said 100 itself, so that no upstream needs to. */
    public boolean answeredExpectation() {
        return answeredExpectation;
    }

    /** Whether the request has a body at all. */
    public boolean expected() {
        return expected;
    }

    /** Whether all of it has come from the client. */
    public boolean complete() {
        return complete;
    }

    /** Bytes that came from the client so far. */
    public long seenBytes() {
        return seenBytes;
    }

    /** Calls back once all of it is queued here, or once it is clear that it is larger than {@code maxBytes}. */
    public void hold(long maxBytes, Runnable whenHeldOrTooLarge) {
        if (complete || announcedBytes > maxBytes) {
            whenHeldOrTooLarge.run();
            return;
        }
        hold = new Hold(maxBytes, whenHeldOrTooLarge);
        if (expectsContinue()) {
            answeredExpectation = true;
            client.interim(OutgoingHead.answer(100));
        }
        client.readBody(true);
    }

    /** Whether nothing of it has left yet and all of it is here. */
    public boolean held() {
        return complete && sink == null;
    }

    /** All of it, for looking into: a view without a reference of its own, valid during the call that asks. */
    public ByteBuf heldBytes() {
        return queued.view();
    }

    /** Whether it is known to be no longer than that. */
    public boolean fits(long maxBytes) {
        return announcedBytes >= 0 ? announcedBytes <= maxBytes : complete && seenBytes <= maxBytes;
    }

    /** Keeps what leaves from now on, up to so many bytes in all, so that it can be sent again. */
    public void keep(long maxBytes) {
        keepBytes = maxBytes;
    }

    /** It will not be sent again. */
    public void forget() {
        keepBytes = 0;
        kept.drop();
    }

    /** Whether another attempt could have it from its first byte on. */
    public boolean canBeSentAgain() {
        return !anyLost;
    }

    /** Nobody takes it for now; what was sent waits to be sent again. */
    public void rewind() {
        assert !anyLost : "sent again without its beginning";
        sink = null;
        queued.takeAll(kept);
    }

    /** Shows what is here, and all that comes, each byte once. */
    void shownTo(Testimony to) {
        testimony = to;
        to.requestData(queued.view());
        if (complete) {
            to.requestEnd(trailers);
        }
    }

    /** From here on the body goes to {@code next}: first what is queued, then what comes. */
    public void attach(RequestSink next) {
        sink = next;
        boolean any = !queued.isEmpty();
        for (ByteBuf piece = queued.poll(); piece != null; piece = queued.poll()) {
            pass(piece, next);
        }
        if (complete) {
            next.requestEnd(trailers);
        } else {
            if (any) {
                next.flushRequest();
            }
            client.readBody(next.requestWritable());
        }
    }

    private void pass(ByteBuf piece, RequestSink taker) {
        int bytes = piece.readableBytes();
        if (!anyLost && kept.bytes() + bytes <= keepBytes) {
            kept.addCopy(piece);
        } else if (bytes > 0 && !anyLost) {
            anyLost = true;
            kept.drop();
        }
        taker.requestData(piece);
    }

    /** Nothing of it is wanted any more: what comes is dropped. */
    void discard() {
        sink = null;
        hold = null;
        queued.drop();
        kept.drop();
    }

    void data(ByteBuf data) {
        seenBytes += data.readableBytes();
        Testimony shown = testimony;
        if (shown != null) {
            shown.requestData(data);
        }
        RequestSink taker = sink;
        if (taker != null) {
            pass(data, taker);
            if (!taker.requestWritable()) {
                client.readBody(false);
            }
            return;
        }
        queued.add(data);
        Hold waiting = hold;
        if (waiting == null) {
            if (queued.bytes() > MAX_QUEUED_BYTES) {
                client.readBody(false);
            }
        } else if (queued.bytes() > waiting.maxBytes()) {
            client.readBody(false);
            hold = null;
            waiting.whenHeldOrTooLarge().run();
        }
    }

    void end(@Nullable Head trailers) {
        complete = true;
        this.trailers = trailers;
        Testimony shown = testimony;
        if (shown != null) {
            shown.requestEnd(trailers);
        }
        Hold waiting = hold;
        if (sink != null) {
            sink.requestEnd(trailers);
        } else if (waiting != null) {
            hold = null;
            waiting.whenHeldOrTooLarge().run();
        }
    }

    void flush() {
        if (sink != null) {
            sink.flushRequest();
        }
    }
}
