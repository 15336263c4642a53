package dev.banyan.testing;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What one end of a call hears from the other. */
public final class Heard implements StreamObserver<String> {
    private static final int SECONDS = 20;

    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<Status> end = new CompletableFuture<>();

    @Override
    public void onNext(String message) {
        messages.add(message);
    }

    @Override
    public void onError(Throwable error) {
        end.complete(Status.fromThrowable(error));
    }

    @Override
    public void onCompleted() {
        end.complete(Status.OK);
    }

    /** The next message, which is waited for. */
    public String next() throws InterruptedException, TimeoutException {
        String message = messages.poll(SECONDS, TimeUnit.SECONDS);
        if (message == null) {
            throw new TimeoutException("no message; the call's end: " + end);
        }
        return message;
    }

    /** Messages that nobody has asked for. */
    public int left() {
        return messages.size();
    }

    /** How the call ended, which is waited for. */
    public Status end() throws Exception {
        return end.get(SECONDS, TimeUnit.SECONDS);
    }
}
