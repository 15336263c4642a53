package dev.banyan.dataplane.upstream;

import dev.banyan.dataplane.loop.Loop;
import java.time.Duration;

/** What one event loop has of connections to one endpoint. */
interface Pool {
    Loop loop();

    /** Gives one of the connections that there are, at once; false: none will do. */
    boolean tookOpen(Freshness freshness, Taker taker);

    /** Gives a new one, at once or later. */
    void open(Duration connectTimeout, Taker taker);

    /** No table names the endpoint any more: what rests is closed, what runs ends in peace. */
    void closeResting();
}
