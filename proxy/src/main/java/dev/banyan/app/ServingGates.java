package dev.banyan.app;

import dev.banyan.contract.WriteGates;
import java.util.Optional;
import java.util.function.Supplier;

/** The gates of the data plane once there is one. Before that nothing is served, so there is nothing to hold back or to count. */
final class ServingGates implements WriteGates {
    private final Supplier<Optional<WriteGates>> serving;

    ServingGates(Supplier<Optional<WriteGates>> serving) {
        this.serving = serving;
    }

    @Override
    public void close(String route) {
        serving.get().ifPresent(gates -> gates.close(route));
    }

    @Override
    public void open(String route) {
        serving.get().ifPresent(gates -> gates.open(route));
    }

    @Override
    public State state(String route) {
        return serving.get().map(gates -> gates.state(route)).orElse(State.UNUSED);
    }

    @Override
    public Written writtenToModern(String route) {
        return serving.get().map(gates -> gates.writtenToModern(route)).orElse(Written.NOTHING);
    }

    @Override
    public void countAnew(String route) {
        serving.get().ifPresent(gates -> gates.countAnew(route));
    }
}
