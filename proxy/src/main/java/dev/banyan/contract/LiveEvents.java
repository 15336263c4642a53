package dev.banyan.contract;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** What happens beside the table's revisions, told to whoever watches. One of them joins those who see it and those who show it. */
public final class LiveEvents {
    private final List<Consumer<Event>> watchers = new CopyOnWriteArrayList<>();

    /** What an event is about. */
    public enum Kind {
        /** An endpoint, an upstream or a breaker came or went. */
        HEALTH,
        /** A ramp advanced, held or rolled back. */
        RAMP
    }

    /**
     * One thing that happened.
     *
     * @param what by name, for people and machines: {@code upstream}, {@code endpoint}, {@code state}; never a secret
     */
    public record Event(Kind kind, Instant time, Map<String, String> what) {
        public Event {
            what = Map.copyOf(what);
        }
    }

    /** May be called from an event loop: watchers take it and return. */
    public void tell(Event event) {
        watchers.forEach(watcher -> watcher.accept(event));
    }

    /**
     * Tells one more of everything from now on.
     *
     * @param watcher must not wait, nor throw
     */
    public void watch(Consumer<Event> watcher) {
        watchers.add(watcher);
    }
}
