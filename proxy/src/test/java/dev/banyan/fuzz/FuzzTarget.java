package dev.banyan.fuzz;

import dev.banyan.dataplane.listener.ProxyHeaderFuzz;
import dev.banyan.dataplane.wire.http1.AnswerFuzz;
import dev.banyan.dataplane.wire.http1.ChunkedBodyFuzz;
import dev.banyan.dataplane.wire.http1.RequestFuzz;
import dev.banyan.dataplane.wire.http2.Http2Fuzz;
import dev.banyan.routing.decide.CookiesFuzz;
import dev.banyan.routing.file.RoutesFileFuzz;
import dev.banyan.routing.match.FormFuzz;
import dev.banyan.routing.match.PathFuzz;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Everything that reads bytes of strangers. Each target lies in the package of what it reads with, so that nothing need be public for
 * its sake; its corpus in {@code src/test/resources/fuzz}, in a folder of its name.
 */
enum FuzzTarget {
    REQUEST(RequestFuzz.class, RequestFuzz::fuzzerTestOneInput),
    CHUNKED_BODY(ChunkedBodyFuzz.class, ChunkedBodyFuzz::fuzzerTestOneInput),
    ANSWER(AnswerFuzz.class, AnswerFuzz::fuzzerTestOneInput),
    HTTP2(Http2Fuzz.class, Http2Fuzz::fuzzerTestOneInput),
    PATH(PathFuzz.class, PathFuzz::fuzzerTestOneInput),
    FORM(FormFuzz.class, FormFuzz::fuzzerTestOneInput),
    COOKIES(CookiesFuzz.class, CookiesFuzz::fuzzerTestOneInput),
    PROXY_HEADER(ProxyHeaderFuzz.class, ProxyHeaderFuzz::fuzzerTestOneInput),
    ROUTES_FILE(RoutesFileFuzz.class, RoutesFileFuzz::fuzzerTestOneInput);

    private final Class<?> type;

    @SuppressWarnings("ImmutableEnumChecker") // a reference to a static method
    private final Consumer<byte[]> target;

    FuzzTarget(Class<?> type, Consumer<byte[]> target) {
        this.type = type;
        this.target = target;
    }

    /** The class that Jazzer is given. */
    Class<?> type() {
        return type;
    }

    /** Throws whatever is wrong. */
    void run(byte[] input) {
        target.accept(input);
    }

    /** Where all corpora are. */
    static Path corpora() {
        URL folder = FuzzTarget.class.getResource("/fuzz");
        if (folder == null) {
            throw new IllegalStateException("/fuzz is not on the class path (expected: src/test/resources/fuzz)");
        }
        try {
            return Path.of(folder.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(folder + " is no path", e);
        }
    }

    Path corpus() {
        return corpora().resolve(toString());
    }

    List<Path> seeds() {
        try (Stream<Path> files = Files.list(corpus())) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
