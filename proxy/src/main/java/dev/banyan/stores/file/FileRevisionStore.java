package dev.banyan.stores.file;

import dev.banyan.controlplane.revisions.RevisionStore;
import dev.banyan.controlplane.revisions.StoredRevision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Revisions in one log file of the data directory. Every part of a text is kept once, however many revisions have it. */
public final class FileRevisionStore implements RevisionStore {
    private final @Nullable DirectoryLock lock; // null: another process has it
    private final RevisionLog log;
    private final LogIndex index;

    /** Of the last revision, by the text: most of its texts are those of the next one, too. Of the thread that writes. */
    private Map<String, List<String>> partsOfLast = new HashMap<>();

    private FileRevisionStore(@Nullable DirectoryLock lock, RevisionLog log, LogIndex index) {
        this.lock = lock;
        this.log = log;
        this.index = index;
    }

    /**
     * Takes the directory, makes it if it is not there, and reads the log once.
     *
     * @throws DataDirectoryInUseException another process has it
     * @throws CorruptLogException the log is damaged elsewhere than a crash leaves it
     */
    public static FileRevisionStore open(Path directory) throws IOException {
        return open(directory, ChannelLogFile::open);
    }

    /** How the log's file is opened; tests put faults in between. */
    interface Opener {
        LogFile open(Path path) throws IOException;
    }

    static FileRevisionStore open(Path directory, Opener opener) throws IOException {
        DataDirectory.make(directory);
        DirectoryLock lock = DirectoryLock.take(directory);
        try {
            Path path = DataDirectory.log(directory);
            LogIndex index = new LogIndex();
            LogFile file = opener.open(path);
            try {
                RevisionLog log =
                        RevisionLog.open(path, file, (position, payload) -> add(index, path, position, payload));
                return new FileRevisionStore(lock, log, index);
            } catch (IOException | RuntimeException e) {
                file.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /**
     * The revisions of a directory that another process has, as they are at this moment. Takes no lock, changes nothing, and keeps
     * nothing: every append fails.
     *
     * @throws CorruptLogException the log is damaged, or a record was being written just now: ask again
     */
    static FileRevisionStore ofAnotherProcess(Path directory) throws IOException {
        Path path = DataDirectory.log(directory);
        LogIndex index = new LogIndex();
        LogFile file = ChannelLogFile.openToRead(path);
        try {
            RevisionLog log =
                    RevisionLog.follow(path, file, (position, payload) -> add(index, path, position, payload));
            return new FileRevisionStore(null, log, index);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** How much is in it, in bytes: another number, another revision. */
    static long sizeOf(Path directory) throws IOException {
        return Files.size(DataDirectory.log(directory));
    }

    private static void add(LogIndex index, Path path, long position, byte[] bytes) throws IOException {
        Payload payload = decode(path, position, bytes);
        if (payload.number() != index.newest() + 1) {
            throw new CorruptLogException(
                    path, position, "revision " + payload.number() + " after revision " + index.newest());
        }
        index.add(position, payload.blobs());
    }

    private static Payload decode(Path path, long position, byte[] bytes) throws IOException {
        try {
            return Payload.decode(bytes);
        } catch (IllegalArgumentException e) {
            throw new CorruptLogException(path, position, "a record that is no revision: " + e.getMessage());
        }
    }

    @Override
    public long newest() {
        return index.newest();
    }

    @Override
    public Appended append(StoredRevision revision) throws IOException {
        if (revision.number() != newest() + 1) {
            return Appended.CONFLICT;
        }
        Map<String, Blob> fresh = new HashMap<>();
        Map<String, List<String>> parts = new HashMap<>();
        byte[] json = RevisionJson.write(revision, text -> {
            List<String> digests = partsOfLast.get(text);
            if (digests == null) {
                digests = digests(text, fresh);
            }
            parts.put(text, digests);
            return digests;
        });
        List<Blob> blobs = new ArrayList<>(fresh.values());
        index.add(log.append(Payload.encode(revision.number(), blobs, json)), blobs);
        partsOfLast = parts;
        return Appended.STORED;
    }

    private List<String> digests(String text, Map<String, Blob> fresh) {
        List<String> digests = new ArrayList<>();
        for (String part : TextParts.of(text)) {
            Blob blob = Blob.of(part);
            if (!index.hasBlob(blob.digest())) {
                fresh.put(blob.digest(), blob);
            }
            digests.add(blob.digest());
        }
        return digests;
    }

    /** Whoever has the directory's lock is alone. */
    @Override
    public Following follow(Runnable stored) {
        return Following.NOTHING;
    }

    @Override
    public void probe() throws IOException {
        log.probe();
    }

    @Override
    public boolean isReadOnly() {
        return log.isReadOnly();
    }

    @Override
    public Optional<StoredRevision> find(long number) throws IOException {
        OptionalLong position = index.ofRevision(number);
        if (position.isEmpty()) {
            return Optional.empty();
        }
        Payload payload = Payload.decode(log.read(position.getAsLong()));
        Map<Long, Payload> read = new HashMap<>();
        read.put(position.getAsLong(), payload);
        try {
            return Optional.of(RevisionJson.read(payload.json(), digests -> text(digests, read)));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private String text(List<String> digests, Map<Long, Payload> read) {
        if (digests.size() == 1) {
            return text(digests.get(0), read);
        }
        StringBuilder text = new StringBuilder();
        digests.forEach(digest -> text.append(text(digest, read)));
        return text.toString();
    }

    private String text(String digest, Map<Long, Payload> read) {
        long position = index.ofBlob(digest)
                .orElseThrow(() -> new UncheckedIOException(new IOException("no text with digest " + digest)));
        return read.computeIfAbsent(position, this::read).blobs().stream()
                .filter(blob -> blob.digest().equals(digest))
                .findFirst()
                .orElseThrow()
                .text();
    }

    private Payload read(long position) {
        try {
            return Payload.decode(log.read(position));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            log.close();
        } finally {
            if (lock != null) {
                lock.close();
            }
        }
    }
}
