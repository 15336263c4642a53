package dev.banyan.cli;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** An answer's body in memory, up to a bound: {@code --admin} may name anything, also something that never ends. */
final class CappedBody implements WriteStream<Buffer> {
    private final int maxBytes;
    private final Buffer content = Buffer.buffer();

    CappedBody(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    byte[] bytes() {
        return content.getBytes();
    }

    @Override
    public Future<Void> write(Buffer data) {
        if (content.length() + data.length() > maxBytes) {
            return Future.failedFuture(new IOException("the answer is longer than " + maxBytes + " bytes"));
        }
        content.appendBuffer(data);
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> end() {
        return Future.succeededFuture();
    }

    @Override
    public CappedBody exceptionHandler(@Nullable Handler<Throwable> handler) {
        return this;
    }

    @Override
    public CappedBody setWriteQueueMaxSize(int maxSize) {
        return this;
    }

    @Override
    public boolean writeQueueFull() {
        return false;
    }

    @Override
    public CappedBody drainHandler(@Nullable Handler<Void> handler) {
        return this;
    }
}
