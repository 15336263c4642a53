package dev.banyan.dataplane.guard;

import dev.banyan.contract.WriteGates;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The write gates of all routes, by id. One is never dropped, not even with its route: requests may still be behind it, and the route
 * may come back. There are as many as route ids this process has seen.
 */
public final class RouteGates implements WriteGates {
    private final Map<String, WriteGate> gates = new ConcurrentHashMap<>();

    public WriteGate of(String route) {
        return gates.computeIfAbsent(route, id -> new WriteGate(System::nanoTime));
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
