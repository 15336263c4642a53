package dev.banyan.dataplane.wire.http2;

import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The open streams of one connection. What they are told makes some of them end and others begin. */
final class Streams<S extends Stream> {
    private final IntObjectMap<S> open = new IntObjectHashMap<>();
    private final List<S> reached = new ArrayList<>();

    @Nullable
    S get(int id) {
        return open.get(id);
    }

    void add(S stream) {
        open.put(stream.id(), stream);
    }

    /** Null if it was not open. */
    @Nullable
    S remove(int id) {
        return open.remove(id);
    }

    int size() {
        return open.size();
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    /** Those that are open now; it stays as it is. */
    List<S> all() {
        return open.isEmpty() ? List.of() : new ArrayList<>(open.values());
    }

    List<S> removeAll() {
        List<S> all = all();
        open.clear();
        return all;
    }

    /** Something of what was just read is for this one. */
    void reached(S stream) {
        if (reached.isEmpty() || reached.get(reached.size() - 1) != stream) {
            reached.add(stream);
        }
    }

    /** What was just read has been given out. */
    void paused() {
        for (int i = 0; i < reached.size(); i++) {
            reached.get(i).paused();
        }
        reached.clear();
    }

    void tellWritable() {
        for (S stream : all()) {
            stream.tellIfWritable();
        }
    }

    /** Widens the windows that the peer grants, or narrows them; false if one of them is larger than can be. */
    boolean widen(int change) {
        for (S stream : open.values()) {
            if (!stream.out().widen(change)) {
                return false;
            }
        }
        return true;
    }
}
