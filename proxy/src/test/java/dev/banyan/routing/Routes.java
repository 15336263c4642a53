package dev.banyan.routing;

import dev.banyan.routing.keys.KeyTable;
import dev.banyan.routing.keys.RouteKeys;
import dev.banyan.yaml.Problems;
import dev.banyan.yaml.Value;

/** Routes as a file says them, so that a test names the keys that matter to it and no others. */
public final class Routes {
    private Routes() {}

    /** No rule of files is asked of it. */
    public static Route of(String id, String keys) {
        return read(RouteKeys.TABLE, id, keys);
    }

    /** The same of any table of keys. */
    public static <R> R read(KeyTable<R> table, String id, String keys) {
        Problems problems = Problems.ofAccepted(id);
        R read = Value.document(problems, id, keys)
                .flatMap(value -> value.section(table.names(), "write keys"))
                .map(section -> table.read(id, section))
                .orElseThrow(() -> new IllegalArgumentException(problems.errors() + " in " + keys));
        if (!problems.errors().isEmpty()) {
            throw new IllegalArgumentException(problems.errors() + " in " + keys);
        }
        return read;
    }
}
