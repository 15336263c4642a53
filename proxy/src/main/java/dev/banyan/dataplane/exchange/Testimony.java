package dev.banyan.dataplane.exchange;

import dev.banyan.contract.ExchangeRecord;
import dev.banyan.dataplane.message.Head;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one witness is shown of one exchange: views, up to its bound. It cannot do harm, not even by throwing. */
final class Testimony implements Exchange.EndListener {
    private static final Logger LOG = LoggerFactory.getLogger(Testimony.class);

    private @Nullable Witness witness;
    private int requestBytesLeft;
    private int answerBytesLeft;
    private boolean seesAnswer;

    Testimony(Witness witness) {
        this.witness = witness;
        requestBytesLeft = witness.maxBodyBytes();
        answerBytesLeft = requestBytesLeft;
    }

    void request(Exchange exchange) {
        tell(told -> told.request(exchange));
    }

    void requestData(ByteBuf data) {
        ByteBuf view = view(data, requestBytesLeft);
        if (view != null) {
            requestBytesLeft -= view.readableBytes();
            tell(told -> told.requestData(view));
        }
    }

    void requestEnd(@Nullable Head trailers) {
        tell(told -> told.requestEnd(trailers));
    }

    void answerHead(Head head) {
        seesAnswer = true;
        tell(told -> told.answerHead(head));
    }

    void answerData(ByteBuf data) {
        ByteBuf view = seesAnswer ? view(data, answerBytesLeft) : null;
        if (view != null) {
            answerBytesLeft -= view.readableBytes();
            tell(told -> told.answerData(view));
        }
    }

    void answerEnd(@Nullable Head trailers) {
        if (seesAnswer) {
            tell(told -> told.answerEnd(trailers));
        }
    }

    @Override
    public void ended(Exchange exchange, ExchangeRecord record) {
        tell(told -> told.ended(record));
    }

    /** Cannot be released, written or read on by who gets it; null if there is nothing to show. */
    private static @Nullable ByteBuf view(ByteBuf data, int most) {
        int bytes = Math.min(most, data.readableBytes());
        return bytes == 0
                ? null
                : Unpooled.unreleasableBuffer(
                        data.slice(data.readerIndex(), bytes).asReadOnly());
    }

    private void tell(Consumer<Witness> what) {
        Witness told = witness;
        if (told == null) {
            return;
        }
        try {
            what.accept(told);
        } catch (RuntimeException e) {
            witness = null;
            LOG.error("a witness failed, and is told no more of its exchange witness={}", told, e);
        }
    }
}
