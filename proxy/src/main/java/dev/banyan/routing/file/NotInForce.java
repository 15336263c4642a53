package dev.banyan.routing.file;

import dev.banyan.routing.BaseTable;
import dev.banyan.routing.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What a table asks for and nothing serves yet, so that nobody relies on it. A key goes from these lists with the commit that serves it.
 */
public final class NotInForce {
    private record Key(String name, Predicate<Route> isAsked) {}

    private static final List<Key> OF_ROUTES =
            List.of(new Key("ramp", route -> route.ramp().isPresent()));

    private NotInForce() {}

    /** One sentence for each key: {@code routes.accounts.ramp is not in force yet}. */
    public static List<String> of(BaseTable table) {
        List<String> sentences = new ArrayList<>();
        table.routes().forEach((id, route) -> tell("routes." + id, route, sentences));
        return List.copyOf(sentences);
    }

    private static void tell(String name, Route route, List<String> sentences) {
        for (Key key : OF_ROUTES) {
            if (key.isAsked().test(route)) {
                sentences.add(name + "." + key.name() + " is not in force yet");
            }
        }
    }
}
