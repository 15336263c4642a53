package dev.banyan.dataplane.mirror;

import dev.banyan.contract.ExchangeRecord;
import dev.banyan.dataplane.exchange.Exchange;
import dev.banyan.dataplane.exchange.Witness;
import dev.banyan.dataplane.message.Head;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Several who want to see one exchange. */
record Together(List<Witness> all) implements Witness {

    /** Null if nobody does. */
    static @Nullable Witness of(List<Witness> all) {
        return all.isEmpty() ? null : all.size() == 1 ? all.get(0) : new Together(all);
    }

    @Override
    public int maxBodyBytes() {
        return all.stream().mapToInt(Witness::maxBodyBytes).max().orElse(0);
    }

    @Override
    public void request(Exchange exchange) {
        all.forEach(each -> each.request(exchange));
    }

    @Override
    public void requestData(ByteBuf view) {
        all.forEach(each -> each.requestData(view.duplicate()));
    }

    @Override
    public void requestEnd(@Nullable Head trailers) {
        all.forEach(each -> each.requestEnd(trailers));
    }

    @Override
    public void answerHead(Head head) {
        all.forEach(each -> each.answerHead(head));
    }

    @Override
    public void answerData(ByteBuf view) {
        all.forEach(each -> each.answerData(view.duplicate()));
    }

    @Override
    public void answerEnd(@Nullable Head trailers) {
        all.forEach(each -> each.answerEnd(trailers));
    }

    @Override
    public void ended(ExchangeRecord record) {
        all.forEach(each -> each.ended(record));
    }
}
