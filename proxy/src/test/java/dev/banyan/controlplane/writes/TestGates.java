package dev.banyan.controlplane.writes;

import dev.banyan.contract.UserSketch;
import dev.banyan.contract.WriteGates;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Gates with as much behind them as a test says. */
public final class TestGates implements WriteGates {
    private final Set<String> closed = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> atLegacy = new ConcurrentHashMap<>();
    private final Map<String, Written> written = new ConcurrentHashMap<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();

    @Override
    public void close(String route) {
        closed.add(route);
        calls.add("close " + route);
    }

    @Override
    public void open(String route) {
        closed.remove(route);
        calls.add("open " + route);
    }

    @Override
    public State state(String route) {
        return new State(!closed.contains(route), atLegacy.getOrDefault(route, 0), 0, 0);
    }

    @Override
    public Written writtenToModern(String route) {
        return written.getOrDefault(route, Written.NOTHING);
    }

    @Override
    public void countAnew(String route) {
        written.remove(route);
        calls.add("count " + route + " anew");
    }

    /** What was done to them, in order. */
    public List<String> calls() {
        return calls;
    }

    public void note(String what) {
        calls.add(what);
    }

    public void underWay(String route, int requests) {
        atLegacy.put(route, requests);
    }

    public void wrote(String route, long writes, int users) {
        UserSketch sketch = new UserSketch();
        for (int user = 0; user < users; user++) {
            sketch.add("user:" + user);
        }
        written.put(route, new Written(writes, 0, sketch));
    }
}
