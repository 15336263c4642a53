package dev.banyan.dataplane.guard;

import dev.banyan.contract.WriteGates;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * The write gates of all routes, by id. One is never dropped, not even with its route: requests may still be behind it, and the route
 * may come back. There are as many as route ids this process has seen.
 */
public final class RouteGates implements WriteGates {
    private final Map<String, WriteGate> gates = new ConcurrentHashMap<>();
    private final BiConsumer<String, WriteGate> onNew;

    /** @param onNew told once of each gate that is made */
    public RouteGates(BiConsumer<String, WriteGate> onNew) {
        this.onNew = onNew;
    }

    public WriteGate of(String route) {
        return gates.computeIfAbsent(route, id -> {
            WriteGate made = new WriteGate();
            onNew.accept(id, made);
            return made;
        });
    }

    @Override
    public void close(String route) {
        of(route).close();
    }

    @Override
    public void open(String route) {
        of(route).open();
    }

    @Override
    public State state(String route) {
        WriteGate gate = gates.get(route);
        return gate == null ? State.UNUSED : gate.state();
    }

    @Override
    public Written writtenToModern(String route) {
        WriteGate gate = gates.get(route);
        return gate == null ? Written.NOTHING : gate.writtenToModern();
    }

    @Override
    public void countAnew(String route) {
        of(route).countAnew();
    }
}
