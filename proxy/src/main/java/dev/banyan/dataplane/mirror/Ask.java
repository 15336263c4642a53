package dev.banyan.dataplane.mirror;

import dev.banyan.contract.SeenAnswer;
import dev.banyan.dataplane.exchange.AnswerSink;
import dev.banyan.dataplane.exchange.UpstreamFailure;
import dev.banyan.dataplane.exchange.UpstreamStream;
import dev.banyan.dataplane.loop.Loop;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.OutgoingHead;
import dev.banyan.dataplane.upstream.EndpointHandle;
import dev.banyan.dataplane.upstream.Freshness;
import dev.banyan.dataplane.upstream.Lease;
import dev.banyan.dataplane.upstream.Taker;
import dev.banyan.dataplane.upstream.UpstreamHandle;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One question that Banyan asks an upstream by itself, on one event loop: asked once, over a connection that no client uses, and given up
 * when it takes too long or says too much. Tells exactly once what came of it.
 */
final class Ask implements Taker, AnswerSink, Loop.Swept {
    private static final int SERVER_ERROR = 500;

    private final Loop loop;
    private final UpstreamHandle upstream;
    private final byte[] body;
    private final Bounds bounds;
    private final Consumer<SeenAnswer> told;
    private final Collected answer;
    private final long startNanos = System.nanoTime();
    private final Function<String, OutgoingHead> head;
    private @Nullable UpstreamStream stream;
    private @Nullable Lease lease;
    private boolean over;
    private int slot;

    private Ask(
            Loop loop,
            UpstreamHandle upstream,
            Function<String, OutgoingHead> head,
            byte[] body,
            Bounds bounds,
            Consumer<SeenAnswer> told) {
        this.loop = loop;
        this.upstream = upstream;
        this.head = head;
        this.body = body;
        this.bounds = bounds;
        this.told = told;
        this.answer = new Collected(bounds.maxBytes());
    }

    /**
     * Asks, and returns at once.
     *
     * @param upstream whose breaker has admitted this
     * @param head what is sent, by the authority of the endpoint that is asked; framed for {@code body}
     * @param told on the loop, at once or later
     */
    static void ask(
            Loop loop,
            UpstreamHandle upstream,
            Function<String, OutgoingHead> head,
            byte[] body,
            Bounds bounds,
            Consumer<SeenAnswer> told) {
        Ask ask = new Ask(loop, upstream, head, body, bounds, told);
        loop.watch(ask);
        upstream.take(loop, Freshness.JUST_USED, null, null, ask);
    }

    @Override
    public void connected(UpstreamStream connected, Lease place) {
        stream = connected;
        lease = place;
        if (over) {
            letGo(true);
            return;
        }
        long most = bounds.time().toNanos();
        connected.begin(head.apply(place.endpoint().authority()), this, most, most);
        if (body.length > 0) {
            connected.requestData(Unpooled.wrappedBuffer(body));
        }
        connected.requestEnd(null);
        connected.flushRequest();
    }

    @Override
    public void failed(UpstreamFailure failure, @Nullable EndpointHandle at) {
        failed(at, failure.kind().reason(), false);
    }

    @Override
    public void interim(Head head) {
        // Of no interest: what counts comes after.
    }

    @Override
    public void upgraded(Head head, Channel connection) {
        connection.close();
        upstream.breaker().unused();
        end(SeenAnswer.none("upgraded"), false);
    }

    @Override
    public void answerHead(Head head) {
        answer.head(head);
    }

    @Override
    public void answerData(ByteBuf data) {
        boolean fits = answer.add(data);
        data.release();
        if (!fits) {
            result();
            end(answer.cutShort(age()), true);
        }
    }

    @Override
    public void answerEnd(@Nullable Head trailers) {
        result();
        end(answer.whole(age()), false);
    }

    /** What the breaker is told: as with a client's request. */
    private void result() {
        EndpointHandle endpoint = endpoint();
        if (answer.status() >= SERVER_ERROR || endpoint == null) {
            upstream.failed(endpoint, "status " + answer.status());
        } else {
            upstream.succeeded(endpoint);
        }
    }

    @Override
    public void answerPaused() {
        // It is kept as it comes.
    }

    @Override
    public void requestWritableAgain() {
        // All of it was written at once: it is bounded.
    }

    @Override
    public void failed(UpstreamFailure failure) {
        failed(failure, endpoint());
    }

    /** The breaker is told once, though a connection may still come about, or fail, after the time was over. */
    private void failed(@Nullable EndpointHandle at, String why, boolean underWay) {
        if (!over) {
            upstream.failed(at, why);
            end(SeenAnswer.none(why), underWay);
        }
    }

    private @Nullable EndpointHandle endpoint() {
        Lease place = lease;
        return place == null ? null : place.endpoint();
    }

    @Override
    public void sweep(long nowNanos) {
        if (nowNanos - startNanos > bounds.time().toNanos()) {
            failed(endpoint(), "timeout", true);
        }
    }

    private long age() {
        return System.nanoTime() - startNanos;
    }

    private void end(SeenAnswer seen, boolean underWay) {
        if (over) {
            return;
        }
        over = true;
        loop.forget(this);
        letGo(underWay);
        told.accept(seen);
    }

    /** @param underWay its answer is not over: nobody waits for the rest */
    private void letGo(boolean underWay) {
        UpstreamStream asked = stream;
        if (underWay && asked != null) {
            asked.cancel();
        }
        Lease place = lease;
        if (place != null) {
            place.end();
        }
    }

    @Override
    public int slot() {
        return slot;
    }

    @Override
    public void slot(int slot) {
        this.slot = slot;
    }
}
