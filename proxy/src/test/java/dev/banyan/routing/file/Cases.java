package dev.banyan.routing.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The tables under {@code cases/}: one file each, or several, each after a line {@code #### NAME}. */
final class Cases {
    private static final Path DIRECTORY = Path.of("src/test/resources/dev/banyan/routing/file/cases");

    private Cases() {}

    /**
     * @param expected every problem, then every warning, as {@code banyan validate} would show them
     */
    record Case(String name, SortedMap<String, String> files, String expected) {
        boolean isGood() {
            return expected.lines().allMatch(line -> line.startsWith("warning: "));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Case> all() {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .map(Cases::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Case read(Path file) {
        try {
            String yaml = String.valueOf(file.getFileName());
            String name = yaml.substring(0, yaml.length() - ".yaml".length());
            return new Case(
                    name,
                    split(yaml, Files.readString(file)),
                    Files.readString(file.resolveSibling(name + ".expected.txt")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SortedMap<String, String> split(String name, String text) {
        SortedMap<String, String> files = new TreeMap<>();
        if (!text.startsWith("#### ")) {
            files.put("routes/" + name, text);
            return files;
        }
        for (String part : text.substring("#### ".length()).split("(?m)^#### ", -1)) {
            int end = part.indexOf('\n');
            files.put("routes/" + part.substring(0, end).strip(), part.substring(end + 1));
        }
        return files;
    }

    /** As the expected files are written. */
    static String told(Reading reading) {
        StringBuilder text = new StringBuilder();
        if (reading instanceof Reading.Broken broken) {
            broken.problems().forEach(problem -> text.append(problem).append('\n'));
            broken.warnings()
                    .forEach(warning -> text.append("warning: ").append(warning).append('\n'));
        } else if (reading instanceof Reading.Read read) {
            read.warnings()
                    .forEach(warning -> text.append("warning: ").append(warning).append('\n'));
        }
        return text.toString();
    }
}
