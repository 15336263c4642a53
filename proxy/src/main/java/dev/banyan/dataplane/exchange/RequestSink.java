package dev.banyan.dataplane.exchange;

import dev.banyan.dataplane.message.Head;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Where a request's body goes. */
public interface RequestSink {

    /** Takes ownership of {@code data}. */
    void requestData(ByteBuf data);

    void requestEnd(@Nullable Head trailers);

    void flushRequest();

    boolean requestWritable();
}
