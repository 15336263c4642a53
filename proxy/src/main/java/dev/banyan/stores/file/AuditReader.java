package dev.banyan.stores.file;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.controlplane.admin.audit.AuditFilter;
import dev.banyan.controlplane.admin.audit.AuditStore;
import dev.banyan.json.Json;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads pages of the audit log, the newest entry first, from one file to the one before it. All of it blocks. */
final class AuditReader implements Closeable {
    /** One page costs no more, however rare what it asks for is; {@code next} leads on. */
    private static final int MOST_LOOKED_AT = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(AuditReader.class);

    private AuditSegment segment;
    private FileChannel file;
    private long size;

    /**
     * Takes ownership of the file.
     *
     * @param size of the file as far as it is to be read
     */
    AuditReader(AuditSegment newest, FileChannel file, long size) {
        this.segment = newest;
        this.file = file;
        this.size = size;
    }

    /** As {@link AuditStore#read}. */
    Optional<AuditStore.Page> read(long before, int limit, AuditFilter filter) throws IOException {
        long number = AuditSegment.numberOf(before);
        if (number > segment.number()) {
            return Optional.of(page(size, limit, filter));
        }
        if (number < segment.number() && !open(segment.full(number))) {
            return Optional.empty();
        }
        long end = AuditSegment.placeOf(before);
        if (end >= size) {
            return Optional.of(page(size, limit, filter));
        }
        boolean begins = end == 0 || BackwardLines.bytes(file, end - 1, end)[0] == '\n';
        return begins ? Optional.of(page(end, limit, filter)) : Optional.empty();
    }

    private AuditStore.Page page(long from, int limit, AuditFilter filter) throws IOException {
        List<ObjectNode> entries = new ArrayList<>();
        BackwardLines lines = new BackwardLines(file, from);
        long end = from;
        for (int looked = 0; looked < MOST_LOOKED_AT && entries.size() < limit; looked++) {
            BackwardLines.Line line = lines.previous();
            if (line == null) {
                if (!open(segment.previous())) {
                    return new AuditStore.Page(entries, OptionalLong.empty());
                }
                end = size;
                lines = new BackwardLines(file, end);
                continue;
            }
            end = line.place();
            Optional<ObjectNode> entry = entry(line);
            if (entry.filter(filter::isOver).isPresent()) {
                return new AuditStore.Page(entries, OptionalLong.empty());
            }
            entry.filter(filter::asksFor).ifPresent(entries::add);
        }
        return new AuditStore.Page(
                entries, end > 0 || segment.number() > 1 ? OptionalLong.of(segment.id(end)) : OptionalLong.empty());
    }

    /** False if it is not there: before the first, or somebody moved it to an archive. */
    private boolean open(AuditSegment other) throws IOException {
        try {
            FileChannel opened = FileChannel.open(other.file(), StandardOpenOption.READ);
            file.close();
            segment = other;
            file = opened;
            size = opened.size();
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private Optional<ObjectNode> entry(BackwardLines.Line line) {
        try {
            if (Json.read(line.text().getBytes(StandardCharsets.UTF_8)) instanceof ObjectNode object) {
                return Optional.of(
                        Json.object().put("id", segment.id(line.place())).setAll(object));
            }
        } catch (IOException e) {
            LOG.warn("skipped an unreadable line of the audit log file={} offset={}", segment.file(), line.place());
        }
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
