package dev.banyan.routing.file;

import dev.banyan.yaml.Problem;
import dev.banyan.yaml.Scalars;
import java.io.File;
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
import java.util.Arrays;
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
    private final SortedMap<String, String> inForce;
    private final SortedMap<String, String> files = new TreeMap<>();
    private final SortedMap<String, List<Problem>> unreadable = new TreeMap<>();
    private final List<Problem> warnings = new ArrayList<>();
    private int places;
    private long totalBytes;

    private RoutesDirectory(Path directory, SortedMap<String, String> inForce) {
        this.directory = directory;
        this.inForce = inForce;
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

    /** Reads all, where nothing is in force; blocks. */
    public static Contents read(Path directory) {
        return read(directory, new TreeMap<>());
    }

    /**
     * Reads all; blocks. A directory of Kubernetes is seen as it was at one moment, all of one generation.
     *
     * @param inForce text by name: where there are too many files, or they are too large together, those that say what is in force
     *     keep their place, and what came or grew is refused
     */
    public static Contents read(Path directory, SortedMap<String, String> inForce) {
        try {
            for (int attempt = 1; attempt < ATTEMPTS; attempt++) {
                try {
                    return new RoutesDirectory(directory, inForce).read();
                } catch (NoSuchFileException replaced) {
                    if (!Files.isDirectory(directory)) {
                        throw replaced;
                    }
                }
            }
            return new RoutesDirectory(directory, inForce).read();
        } catch (IOException e) {
            return new NotListed(new Problem(
                    shown(directory), 1, 1, "cannot be listed: " + reason(e), "name a directory that Banyan may read"));
        }
    }

    private Listed read() throws IOException {
        // The kubelet swaps this link to change all files at once. Following it once is what keeps generations apart.
        Path generation = directory.resolve("..data");
        Path source = Files.isDirectory(generation) ? generation.toRealPath() : directory;
        SortedMap<String, Path> known = new TreeMap<>();
        SortedMap<String, Path> others = new TreeMap<>();
        try (Stream<Path> entries = Files.list(source)) {
            entries.sorted().forEach(entry -> sort(entry, known, others));
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        }
        // What is in force has its place and its size, whatever becomes of the file.
        places = known.size();
        known.keySet().forEach(file -> totalBytes += bytesInForce(file).length);
        for (Map.Entry<String, Path> file : known.entrySet()) {
            if (!isAsInForce(file.getKey(), file.getValue())) {
                others.put(file.getKey(), file.getValue());
            }
        }
        for (Map.Entry<String, Path> file : others.entrySet()) {
            readFile(file.getKey(), file.getValue());
        }
        return new Listed(files, unreadable, warnings);
    }

    private byte[] bytesInForce(String file) {
        return inForce.getOrDefault(file, "").getBytes(StandardCharsets.UTF_8);
    }

    /** The entry itself is kept, not what it is called: in some locales it cannot be found by that. */
    private void sort(Path entry, SortedMap<String, Path> known, SortedMap<String, Path> others) {
        EntryName name = EntryName.of(entry);
        String file = shown(name);
        if (name.text().startsWith(".")) {
            return;
        }
        if (name.text().endsWith(".yml") && Files.isRegularFile(entry)) {
            String better = name.text().replaceFirst("yml$", "yaml");
            warnings.add(new Problem(file, 1, 1, "only *.yaml is read", "rename it to " + better));
        } else if (name.text().endsWith(".yaml") && !Files.isDirectory(entry)) {
            if (!name.isUtf8()) {
                refuse(file, "its name is not UTF-8", "rename it; letters, digits and - will do");
            } else {
                (inForce.containsKey(file) ? known : others).put(file, entry);
            }
        }
    }

    /** It is then taken; if not, it is read again with the new ones. */
    private boolean isAsInForce(String file, Path entry) throws IOException {
        try {
            if (!Files.isRegularFile(entry) || !Arrays.equals(bytes(entry), bytesInForce(file))) {
                return false;
            }
        } catch (NoSuchFileException replaced) {
            throw replaced;
        } catch (IOException toldWhenReadAgain) {
            return false;
        }
        files.put(file, inForce.getOrDefault(file, ""));
        return true;
    }

    private void readFile(String file, Path entry) throws IOException {
        if (!inForce.containsKey(file) && ++places > MAX_FILES) {
            refuse(file, "there are more than " + MAX_FILES + " files", "join some of them");
            return;
        }
        if (!Files.isRegularFile(entry)) {
            refuse(file, "is no file", Files.exists(entry) ? "put a file there" : "mend the link, or remove it");
            return;
        }
        byte[] bytes;
        try {
            bytes = bytes(entry);
        } catch (NoSuchFileException replaced) {
            throw replaced;
        } catch (IOException e) {
            refuse(file, "cannot be read: " + reason(e), "let Banyan's user read it");
            return;
        }
        int growth = bytes.length - bytesInForce(file).length;
        if (bytes.length > MAX_FILE_BYTES) {
            refuse(file, "is larger than " + Scalars.sizeText(MAX_FILE_BYTES), "split it");
        } else if (growth > 0 && totalBytes + growth > MAX_TOTAL_BYTES) {
            refuse(
                    file,
                    "all files together are larger than " + Scalars.sizeText(MAX_TOTAL_BYTES),
                    "make them smaller");
        } else {
            totalBytes += growth;
            decode(file, bytes);
        }
    }

    private static byte[] bytes(Path entry) throws IOException {
        try (InputStream in = Files.newInputStream(entry)) {
            return in.readNBytes(MAX_FILE_BYTES + 1);
        }
    }

    private void decode(String file, byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer text = CharBuffer.allocate(bytes.length + 1);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CoderResult result = decoder.decode(in, text, true);
        text.flip();
        if (!result.isError()) {
            files.put(file, text.toString());
            return;
        }
        int line = 1 + (int) text.chars().filter(c -> c == '\n').count();
        int column = text.length() - text.toString().lastIndexOf('\n');
        unreadable.put(
                file,
                List.of(new Problem(
                        file,
                        line,
                        column,
                        "not UTF-8: the byte 0x%02X".formatted(bytes[in.position()] & 0xFF),
                        "save the file as UTF-8")));
    }

    private void refuse(String file, String what, String fix) {
        unreadable.put(file, List.of(new Problem(file, 1, 1, what, fix)));
    }

    private String shown(EntryName name) {
        String parent = directory.normalize().toString();
        String separator = parent.isEmpty() || parent.endsWith(File.separator) ? "" : File.separator;
        return parent + separator + name.text();
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
