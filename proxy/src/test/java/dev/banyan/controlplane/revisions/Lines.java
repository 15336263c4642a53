package dev.banyan.controlplane.revisions;

import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Routing files of one line a thing, so that a test shows what it is about: {@code default rails},
 * {@code upstream rails port=3000 response=15}, {@code route t match=GET+POST:/t legacy=rails modern=transactions canary=25 shadow=0
 * writes=legacy}. A line with another word becomes a key that no file may have.
 */
public final class Lines {
    private Lines() {}

    public static String toYaml(String lines) {
        StringBuilder yaml = new StringBuilder("banyan: 1\n");
        append(lines, "upstream ", "upstreams:\n", yaml);
        append(lines, "route ", "routes:\n", yaml);
        for (String line : lines.lines().toList()) {
            if (line.startsWith("default ")) {
                yaml.append("default: ").append(line.substring(8)).append('\n');
            } else if (line.startsWith("#")) {
                yaml.append(line).append('\n');
            } else if (!line.isBlank() && !line.startsWith("upstream ") && !line.startsWith("route ")) {
                yaml.append(line).append(": 1\n");
            }
        }
        return yaml.toString();
    }

    private static void append(String lines, String word, String heading, StringBuilder yaml) {
        String body = lines.lines()
                .filter(line -> line.startsWith(word))
                .map(line -> word.equals("route ") ? route(line.split(" ")) : upstream(line.split(" ")))
                .collect(Collectors.joining());
        if (!body.isEmpty()) {
            yaml.append(heading).append(body);
        }
    }

    private static Map<String, String> keys(String[] words) {
        SortedMap<String, String> keys = new TreeMap<>();
        Arrays.stream(words).skip(2).map(word -> word.split("=", 2)).forEach(pair -> keys.put(pair[0], pair[1]));
        return keys;
    }

    private static String upstream(String[] words) {
        Map<String, String> keys = keys(words);
        return "  %s: { url: \"http://127.0.0.1:%s\", timeouts: { response: %ss } }\n"
                .formatted(words[1], keys.getOrDefault("port", "80"), keys.getOrDefault("response", "15"));
    }

    private static String route(String[] words) {
        Map<String, String> keys = keys(words);
        String match = Arrays.stream(
                        keys.getOrDefault("match", "GET:/" + words[1]).split(","))
                .map(each -> '"' + each.replace('+', ',').replace(":", " ") + '"')
                .collect(Collectors.joining(", "));
        StringBuilder yaml = new StringBuilder("  " + words[1] + ":\n    match: [ " + match + " ]\n");
        for (String key : new String[] {"legacy", "modern", "writes"}) {
            if (keys.containsKey(key)) {
                yaml.append("    ")
                        .append(key)
                        .append(": ")
                        .append(keys.get(key))
                        .append('\n');
            }
        }
        if (keys.containsKey("canary")) {
            yaml.append("    canary: ").append(keys.get("canary")).append("%\n");
        }
        if (keys.containsKey("shadow")) {
            yaml.append("    shadow: { share: ").append(keys.get("shadow")).append("% }\n");
        }
        return yaml.toString();
    }
}
