package dev.banyan.routing.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads the files of a routes directory: every {@code *.yaml} that is not hidden; no subdirectories. */
public final class RoutesDirectory {
    private static final int MAX_FILES = 1_000;
    private static final int MAX_FILE_BYTES = 1 << 20;
    private static final int MAX_TOTAL_BYTES = 16 << 20;

    /** A save may replace what was just listed; listing again then shows what is there. */
    private static final int ATTEMPTS = 5;

    private final Path directory;
    private final SortedMap<String, String> files = new TreeMap<>();
    private final SortedMap<String, List<Problem>> unreadable = new TreeMap<>();
    private final List<Problem> warnings = new ArrayList<>();
    private long totalBytes;

    private RoutesDirectory(Path directory) {
        this.directory = directory;
    }

    /** What came of looking. */
    public sealed interface Contents {}

    /**
     * The files, by the names that a user would type: {@code routes/accounts.yaml}.
     *
     * @param files text by name
     * @param unreadable files that are there but give no text, and why; they are not in {@code files}
     * @param warnings never block
     */
    public record Listed(
            SortedMap<String, String> files, SortedMap<String, List<Problem>> unreadable, List<Problem> warnings)
            implements Contents {
        public Listed {
            files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
            unreadable = Collections.unmodifiableSortedMap(new TreeMap<>(unreadable));
            warnings = List.copyOf(warnings);
        }
    }

    /** The directory cannot be listed; which is not to say that its files are gone. */
    public record NotListed(Problem problem) implements Contents {}

    /** Reads all; blocks. A directory of Kubernetes is seen as it was at one moment, all of one generation. */
    public static Contents read(Path directory) {
        try {
            for (int attempt = 1; attempt < ATTEMPTS; attempt++) {
                try {
                    return new RoutesDirectory(directory).read();
                } catch (NoSuchFileException replaced) {
                    if (!Files.isDirectory(directory)) {
                        throw replaced;
                    }
                }
            }
            return new RoutesDirectory(directory).read();
        } catch (IOException e) {
            return new NotListed(new Problem(
                    shown(directory), 1, 1, "cannot be listed: " + reason(e), "name a directory that Banyan may read"));
        }
    }

    private Listed read() throws IOException {
        List<String> names = new ArrayList<>();
        // The kubelet swaps this link to change all files at once. Following it once is what keeps generations apart.
        Path generation = directory.resolve("..data");
        Path source = Files.isDirectory(generation) ? generation.toRealPath() : directory;
        try (Stream<Path> entries = Files.list(source)) {
            entries.map(entry -> String.valueOf(entry.getFileName()))
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .forEach(names::add);
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        }
        for (String name : names) {
            Path file = source.resolve(name);
            if (name.endsWith(".yml") && Files.isRegularFile(file)) {
                warnings.add(problem(name, "only *.yaml is read", "rename it to " + name.replaceFirst("yml$", "yaml")));
            } else if (name.endsWith(".yaml") && !Files.isDirectory(file)) {
                readFile(name, file);
            }
        }
        return new Listed(files, unreadable, warnings);
    }

    private void readFile(String name, Path file) throws IOException {
        if (files.size() + unreadable.size() >= MAX_FILES) {
            refuse(name, "there are more than " + MAX_FILES + " files", "join some of them");
            return;
        }
        if (!Files.isRegularFile(file)) {
            refuse(name, "is no file", Files.exists(file) ? "put a file there" : "mend the link, or remove it");
            return;
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_FILE_BYTES + 1);
        } catch (NoSuchFileException replaced) {
            throw replaced;
        } catch (IOException e) {
            refuse(name, "cannot be read: " + reason(e), "let Banyan's user read it");
            return;
        }
        totalBytes += bytes.length;
        if (bytes.length > MAX_FILE_BYTES) {
            refuse(name, "is larger than " + Scalars.sizeText(MAX_FILE_BYTES), "split it");
        } else if (totalBytes > MAX_TOTAL_BYTES) {
            refuse(
                    name,
                    "all files together are larger than " + Scalars.sizeText(MAX_TOTAL_BYTES),
                    "make them smaller");
        } else {
            decode(name, bytes);
        }
    }

    private void decode(String name, byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer text = CharBuffer.allocate(bytes.length + 1);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CoderResult result = decoder.decode(in, text, true);
        text.flip();
        if (!result.isError()) {
            files.put(shown(directory.resolve(name)), text.toString());
            return;
        }
        int line = 1 + (int) text.chars().filter(c -> c == '\n').count();
        int column = text.length() - text.toString().lastIndexOf('\n');
        String file = shown(directory.resolve(name));
        unreadable.put(
                file,
                List.of(new Problem(
                        file,
                        line,
                        column,
                        "not UTF-8: the byte 0x%02X".formatted(bytes[in.position()] & 0xFF),
                        "save the file as UTF-8")));
    }

    private void refuse(String name, String what, String fix) {
        Problem problem = problem(name, what, fix);
        unreadable.put(problem.file(), List.of(problem));
    }

    private Problem problem(String name, String what, String fix) {
        return new Problem(shown(directory.resolve(name)), 1, 1, what, fix);
    }

    private static String shown(Path path) {
        String text = path.normalize().toString();
        return text.isEmpty() ? "." : text;
    }

    private static final Map<Class<? extends IOException>, String> REASONS = Map.of(
            NoSuchFileException.class, "there is none",
            NotDirectoryException.class, "it is no directory",
            AccessDeniedException.class, "permission denied");

    private static String reason(IOException e) {
        return REASONS.getOrDefault(e.getClass(), String.valueOf(e.getMessage()));
    }
}
