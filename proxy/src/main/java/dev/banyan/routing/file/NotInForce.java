package dev.banyan.routing.file;

import dev.banyan.routing.BaseTable;
import dev.banyan.routing.Route;
import dev.banyan.routing.Share;
import dev.banyan.routing.Upstream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a table asks for and nothing serves yet, so that nobody relies on it. A key goes from these lists with the commit that serves it.
 */
public final class NotInForce {
    private record Key<T>(String name, Predicate<T> isAsked) {}

    private static final List<Key<Upstream>> OF_UPSTREAMS =
            List.of(new Key<>("protocol", upstream -> upstream.protocol() != Upstream.Protocol.HTTP1));

    private static final List<Key<Route>> OF_ROUTES = List.of(
            new Key<>("shadow", route -> !route.shadow().share().equals(Share.NONE)),
            new Key<>("ramp", route -> route.ramp().isPresent()));

    private NotInForce() {}

    /** One sentence for each key: {@code upstreams.rails.breaker is not in force yet}. */
    public static List<String> of(BaseTable table) {
        List<String> sentences = new ArrayList<>();
        table.upstreams().forEach((id, upstream) -> tell("upstreams." + id, upstream, OF_UPSTREAMS, sentences));
        table.routes().forEach((id, route) -> tell("routes." + id, route, OF_ROUTES, sentences));
        return List.copyOf(sentences);
    }

    /** The same sentence for a flag over a route; empty: it is served. */
    public static Optional<String> flag(String route, String name) {
        return OF_ROUTES.stream().anyMatch(key -> key.name().equals(name))
                ? Optional.of("routes." + route + "." + name + " is not in force yet")
                : Optional.empty();
    }

    private static <T> void tell(String name, T asking, List<Key<T>> keys, List<String> sentences) {
        for (Key<T> key : keys) {
            if (key.isAsked().test(asking)) {
                sentences.add(name + "." + key.name() + " is not in force yet");
            }
        }
    }
}
