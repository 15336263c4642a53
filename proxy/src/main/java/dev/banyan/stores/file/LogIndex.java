package dev.banyan.stores.file;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/** Where in the log each revision and each text stands; all that is kept in memory of them. Written by one thread, read by any. */
final class LogIndex {
    private final Map<String, Long> blobs = new HashMap<>();
    private long[] revisions = new long[1024];
    private int count;

    synchronized long newest() {
        return count;
    }

    synchronized void add(long position, Iterable<Blob> with) {
        if (count == revisions.length) {
            revisions = Arrays.copyOf(revisions, count * 2);
        }
        revisions[count++] = position;
        with.forEach(blob -> blobs.putIfAbsent(blob.digest(), position));
    }

    synchronized boolean hasBlob(String digest) {
        return blobs.containsKey(digest);
    }

    /** The record that holds the text. */
    synchronized OptionalLong ofBlob(String digest) {
        Long position = blobs.get(digest);
        return position == null ? OptionalLong.empty() : OptionalLong.of(position);
    }

    synchronized OptionalLong ofRevision(long number) {
        return number < 1 || number > count ? OptionalLong.empty() : OptionalLong.of(revisions[(int) number - 1]);
    }
}
