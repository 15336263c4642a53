package dev.banyan.controlplane.admin;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** Reads a whole request body, up to a bound; fails with a {@link Refusal} over it. On the event loop. */
final class BoundedBody {
    static final int MOST_BYTES = 64 * 1024;

    private final Buffer read = Buffer.buffer();
    private final Promise<Buffer> whole = Promise.promise();

    private BoundedBody() {}

    static Future<Buffer> of(HttpServerRequest request) {
        BoundedBody body = new BoundedBody();
        @Nullable String announced = request.getHeader("Content-Length");
        if (announced != null && (announced.length() > 9 || Integer.parseInt(announced) > MOST_BYTES)) {
            return Future.failedFuture(tooLarge());
        }
        request.handler(body::add);
        request.endHandler(end -> body.whole.tryComplete(body.read));
        request.exceptionHandler(body.whole::tryFail);
        return body.whole.future();
    }

    private void add(Buffer part) {
        if (read.length() + part.length() > MOST_BYTES) {
            whole.tryFail(tooLarge());
        } else {
            read.appendBuffer(part);
        }
    }

    private static Refusal tooLarge() {
        return new Refusal(ProblemDetails.of(
                413,
                "body-too-large",
                "The body is too large",
                "A body has at most " + MOST_BYTES / 1024 + " KiB.",
                "send less"));
    }
}
