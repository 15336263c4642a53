package dev.banyan.services.kit;

import io.vertx.ext.web.Router;
import java.io.IOException;
import java.nio.file.Path;

/** What makes one service another than the next: its endpoints and its data. */
public interface Service extends AutoCloseable {

    void mount(Router router);

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
