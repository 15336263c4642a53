package dev.banyan.settings;

import dev.banyan.yaml.Position;
import dev.banyan.yaml.Problem;
import dev.banyan.yaml.Suggestion;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Variables that are no settings but look as if they were meant to be. Only ever a warning: who runs containers puts variables of their
 * own beside ours.
 */
final class Misspelt {
    private static final String PREFIX = "BANYAN_";

    /** Kubernetes adds these for every service called banyan or banyan-...: {@code BANYAN_PORT=tcp://10.0.0.1:8080}. */
    private static final Pattern OF_A_SERVICE = Pattern.compile(
            "BANYAN(?:_[A-Z0-9_]+)?_(?:SERVICE_HOST|SERVICE_PORT(?:_[A-Z0-9_]+)?|PORT(?:_[0-9]+_(?:TCP|UDP|SCTP)(?:_[A-Z]+)?)?)");

    /** Of the launcher, of other commands and of the tests. */
    private static final Set<String> NO_SETTINGS = Set.of(
            "BANYAN_CONFIG",
            "BANYAN_ADMIN",
            "BANYAN_ADMIN_CA",
            "BANYAN_TOKEN_FILE",
            "BANYAN_JAVA_OPTS",
            "BANYAN_REQUIRE_SERVERS");

    private Misspelt() {}

    static List<Problem> in(Map<String, String> environment) {
        List<String> known = SettingKeys.all().stream()
                .map(key -> key.variable().substring(PREFIX.length()))
                .toList();
        return new TreeSet<>(environment.keySet())
                .stream()
                        .filter(name -> name.startsWith(PREFIX)
                                && !NO_SETTINGS.contains(name)
                                && !known.contains(name.substring(PREFIX.length()))
                                && !OF_A_SERVICE.matcher(name).matches())
                        .flatMap(name -> Suggestion.of(name.substring(PREFIX.length()), known).stream()
                                .map(near -> Position.NOWHERE.problem(
                                        name + ": no such setting, so it says nothing",
                                        "did you mean " + PREFIX + near + "?")))
                        .toList();
    }
}
