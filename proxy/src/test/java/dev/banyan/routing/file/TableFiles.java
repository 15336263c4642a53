package dev.banyan.routing.file;

import dev.banyan.routing.BaseTable;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A table as the files of a directory. */
public final class TableFiles {
    private TableFiles() {}

    public static SortedMap<String, String> of(BaseTable table) {
        return new TreeMap<>(Map.of("table.yaml", text(table)));
    }

    public static String text(BaseTable table) {
        return TableText.file(table);
    }
}
