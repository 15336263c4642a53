package dev.banyan.controlplane.admin;

import dev.banyan.controlplane.admin.http.Contract;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/**
 * What an admin endpoint stands on and what asks nothing of the rest of a process: begun first and beside all else, it costs a start no
 * time of its own.
 */
public final class AdminGroundwork implements AutoCloseable {
    private final Vertx vertx;
    private final Future<Contract> contract;

    private AdminGroundwork(Vertx vertx, Future<Contract> contract) {
        this.vertx = vertx;
        this.contract = contract;
    }

    /**
     * Begins to read the contract, and returns.
     *
     * @param vertx used by nothing else that must not wait; closed with this
     */
    public static AdminGroundwork begin(Vertx vertx) {
        return new AdminGroundwork(vertx, Contract.load(vertx));
    }

    Vertx vertx() {
        return vertx;
    }

    Future<Contract> contract() {
        return contract;
    }

    /** Waits for it; the endpoint must be closed before. */
    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
