package dev.banyan.dataplane.observe;

import java.util.Arrays;

/** How often each of a few of many cells was counted: a hash table in two arrays, because most routes see few of the 10,000 buckets. */
final class Tally {
    private static final int FIRST_SLOTS = 16;

    /** A cell's number plus one; 0: a free slot. */
    private char[] cells = new char[FIRST_SLOTS];

    private int[] counts = new int[FIRST_SLOTS];
    private int used;
    private long total;

    /** How many cells were counted at all. */
    int used() {
        return used;
    }

    /** How often, of all cells. */
    long total() {
        return total;
    }

    void add(int cell) {
        int slot = slot(cell);
        if (cells[slot] == 0) {
            if (++used > cells.length / 4 * 3) {
                grow();
                slot = slot(cell);
            }
            cells[slot] = (char) (cell + 1);
        }
        counts[slot]++;
        total++;
    }

    void addTo(int[] totals) {
        for (int slot = 0; slot < cells.length; slot++) {
            if (cells[slot] != 0) {
                totals[cells[slot] - 1] += counts[slot];
            }
        }
    }

    private void grow() {
        char[] oldCells = cells;
        int[] oldCounts = counts;
        cells = new char[oldCells.length * 2];
        counts = new int[oldCells.length * 2];
        for (int i = 0; i < oldCells.length; i++) {
            if (oldCells[i] != 0) {
                int slot = slot(oldCells[i] - 1);
                cells[slot] = oldCells[i];
                counts[slot] = oldCounts[i];
            }
        }
    }

    /** Where the cell is, or would be put. */
    private int slot(int cell) {
        int mask = cells.length - 1;
        int slot = (cell * 0x9E3779B9 >>> 16) & mask;
        while (cells[slot] != 0 && cells[slot] != cell + 1) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    /** What was counted, in no more room than it needs. */
    Packed packed() {
        char[] packedCells = new char[used];
        int[] packedCounts = new int[used];
        int at = 0;
        for (int slot = 0; slot < cells.length; slot++) {
            if (cells[slot] != 0) {
                packedCells[at] = (char) (cells[slot] - 1);
                packedCounts[at++] = counts[slot];
            }
        }
        return new Packed(packedCells, packedCounts, total);
    }

    void clear() {
        // Not kept at its size: a route that was busy once need not be again.
        if (cells.length > FIRST_SLOTS) {
            cells = new char[FIRST_SLOTS];
            counts = new int[FIRST_SLOTS];
        } else {
            Arrays.fill(cells, (char) 0);
            Arrays.fill(counts, 0);
        }
        used = 0;
        total = 0;
    }

    /** A tally that is over. */
    static final class Packed {
        private final char[] cells;
        private final int[] counts;
        private final long total;

        private Packed(char[] cells, int[] counts, long total) {
            this.cells = cells;
            this.counts = counts;
            this.total = total;
        }

        int used() {
            return cells.length;
        }

        long total() {
            return total;
        }

        void addTo(int[] totals) {
            for (int i = 0; i < cells.length; i++) {
                totals[cells[i]] += counts[i];
            }
        }
    }
}
