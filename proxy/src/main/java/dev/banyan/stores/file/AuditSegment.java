package dev.banyan.stores.file;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One file of the audit log: {@code audit.jsonl}, which is written to, or one that was full, {@code audit-000001.jsonl}. An entry's id is
 * the number of its file and the place of its line in it, so that a page is found without an index, and ids stay what they are when
 * somebody moves the oldest files to an archive.
 *
 * @param number from 1, without gaps; that of {@code audit.jsonl} is the next
 */
record AuditSegment(long number, Path file) {
    /** Room for the place in a file; what is left of the 53 bits that every reader of JSON can count with is for 2 million files. */
    private static final int PLACE_BITS = 32;

    private static final String OPEN = "audit.jsonl";
    private static final Pattern FULL = Pattern.compile("audit-([0-9]{6,15})\\.jsonl");

    /** The one to write to. */
    static AuditSegment newest(Path directory) throws IOException {
        long last = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "audit-*.jsonl")) {
            for (Path file : files) {
                Matcher name = FULL.matcher(file.getFileName().toString());
                last = name.matches() ? Math.max(last, Long.parseLong(name.group(1))) : last;
            }
        }
        return new AuditSegment(last + 1, directory.resolve(OPEN));
    }

    AuditSegment next() {
        return new AuditSegment(number + 1, file);
    }

    /** Where this one is kept once it is full. */
    AuditSegment full() {
        return full(number);
    }

    AuditSegment previous() {
        return full(number - 1);
    }

    AuditSegment full(long number) {
        return new AuditSegment(number, file.resolveSibling("audit-%06d.jsonl".formatted(number)));
    }

    long id(long place) {
        return ((number - 1) << PLACE_BITS) + place;
    }

    static long numberOf(long id) {
        return (id >>> PLACE_BITS) + 1;
    }

    static long placeOf(long id) {
        return id & ((1L << PLACE_BITS) - 1);
    }
}
