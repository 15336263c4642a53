package dev.banyan.controlplane.admin.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** Reads a whole request body, up to a bound; fails with a {@link ProblemException} over it. On the event loop. */
public final class BoundedBody {
    private final Buffer read = Buffer.buffer();
    private final Promise<Buffer> whole = Promise.promise();

    private final int mostBytes;

    private BoundedBody(int mostBytes) {
        this.mostBytes = mostBytes;
    }

    public static Future<Buffer> of(HttpServerRequest request, int mostBytes) {
        BoundedBody body = new BoundedBody(mostBytes);
        @Nullable String announced = request.getHeader("Content-Length");
        if (announced != null && (announced.length() > 9 || Integer.parseInt(announced) > mostBytes)) {
            return Future.failedFuture(body.tooLarge());
        }
        request.handler(body::add);
        request.endHandler(end -> body.whole.tryComplete(body.read));
        request.exceptionHandler(body.whole::tryFail);
        return body.whole.future();
    }

    private void add(Buffer part) {
        if (read.length() + part.length() > mostBytes) {
            whole.tryFail(tooLarge());
        } else {
            read.appendBuffer(part);
        }
    }

    private ProblemException tooLarge() {
        return new ProblemException(ProblemDetails.of(
                413,
                "body-too-large",
                "The body is too large",
                "A body has at most " + mostBytes / 1024 + " KiB.",
                "send less"));
    }
}
