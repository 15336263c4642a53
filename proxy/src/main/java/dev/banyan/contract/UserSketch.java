package dev.banyan.contract;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * About how many different users there were, in 4,096 small numbers and without keeping who they are: a HyperLogLog (Flajolet et al.,
 * 2007, with the small-range correction), whose standard error is 1.6 percent. May be added to by several threads at once.
 */
public final class UserSketch {
    private static final int INDEX_BITS = 12;
    private static final int REGISTERS = 1 << INDEX_BITS;
    private static final double BIAS = 0.7213 / (1 + 1.079 / REGISTERS);
    /** One register an int would be 16 KiB; five of six bits fit into one with room to spare. */
    private static final int BITS = 6;

    private static final int PER_INT = Integer.SIZE / BITS;

    private final AtomicIntegerArray packed = new AtomicIntegerArray((REGISTERS + PER_INT - 1) / PER_INT);

    public void add(String user) {
        long hash = hash(user);
        int register = (int) (hash >>> (Long.SIZE - INDEX_BITS));
        // The guard bit ends the run of zeros after the bits that were used up for the index.
        raise(register, Long.numberOfLeadingZeros(hash << INDEX_BITS | 1L << (INDEX_BITS - 1)) + 1);
    }

    /** FNV-1a over the characters, then the finaliser of MurmurHash3, which spreads what FNV leaves in the low bits. */
    private static long hash(String user) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < user.length(); i++) {
            hash = (hash ^ user.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        return hash ^ hash >>> 33;
    }

    private void raise(int register, int to) {
        int shift = register % PER_INT * BITS;
        packed.accumulateAndGet(register / PER_INT, to, (word, rank) -> {
            int mask = (1 << BITS) - 1;
            return (word >>> shift & mask) >= rank ? word : word & ~(mask << shift) | rank << shift;
        });
    }

    private int register(int register) {
        return packed.get(register / PER_INT) >>> register % PER_INT * BITS & (1 << BITS) - 1;
    }

    /** A new one of the users of both. */
    public UserSketch with(UserSketch other) {
        UserSketch both = new UserSketch();
        for (int i = 0; i < REGISTERS; i++) {
            both.raise(i, Math.max(register(i), other.register(i)));
        }
        return both;
    }

    /** About how many; exact for none, and nearly so for a few. */
    public long estimate() {
        double sum = 0;
        int empty = 0;
        for (int i = 0; i < REGISTERS; i++) {
            int rank = register(i);
            sum += 1.0 / (1L << rank);
            empty += rank == 0 ? 1 : 0;
        }
        double raw = BIAS * REGISTERS * REGISTERS / sum;
        return Math.round(raw <= 2.5 * REGISTERS && empty > 0 ? REGISTERS * Math.log((double) REGISTERS / empty) : raw);
    }

    /** One byte a register, for keeping. */
    public byte[] toBytes() {
        byte[] bytes = new byte[REGISTERS];
        for (int i = 0; i < REGISTERS; i++) {
            bytes[i] = (byte) register(i);
        }
        return bytes;
    }

    /**
     * What {@link #toBytes} gave.
     *
     * @throws IllegalArgumentException it did not
     */
    public static UserSketch of(byte[] bytes) {
        if (bytes.length != REGISTERS) {
            throw new IllegalArgumentException("bytes: " + bytes.length + " (expected: " + REGISTERS + ")");
        }
        UserSketch sketch = new UserSketch();
        for (int i = 0; i < REGISTERS; i++) {
            if (bytes[i] < 0 || bytes[i] >= 1 << BITS) {
                throw new IllegalArgumentException("register " + i + ": " + bytes[i] + " (expected: 0 to 63)");
            }
            sketch.raise(i, bytes[i]);
        }
        return sketch;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UserSketch sketch && Arrays.equals(toBytes(), sketch.toBytes());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(toBytes());
    }

    @Override
    public String toString() {
        return "about " + estimate() + " users";
    }
}
