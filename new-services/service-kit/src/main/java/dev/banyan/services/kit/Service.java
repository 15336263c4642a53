package dev.banyan.services.kit;

import dev.banyan.services.kit.demo.Bug;
import dev.banyan.services.kit.demo.HandedWrites;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What makes one service another than the next: its endpoints and its data. */
public interface Service extends AutoCloseable {

    void mount(Router router);

    /** What it can be told to get wrong, in the demo. */
    List<Bug> bugs();

    /** Who keeps what the monolith writes while there are no events. */
    HandedWrites.Taker taker();

    /** Returns when all that was acknowledged is on disk. */
    @Override
    void close() throws IOException;

    /**
     * A kind of service.
     *
     * @param name as it stands in its log and in its messages
     */
    record Definition(String name, int defaultPort, Opener opener) {}

    /** Opens a service's data, and fills it if this is the first start. May block. */
    @FunctionalInterface
    interface Opener {
        Service open(Path dataDirectory) throws IOException;
    }
}
