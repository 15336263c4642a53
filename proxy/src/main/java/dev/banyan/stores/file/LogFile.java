package dev.banyan.stores.file;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The few things the log does with its file. A port, so that tests can make each of them fail or stop half-way. */
interface LogFile extends AutoCloseable {

    long size() throws IOException;

    /** Fills the buffer from there, as far as the file goes. */
    void read(ByteBuffer into, long position) throws IOException;

    /** Writes all of the buffer there. */
    void write(ByteBuffer from, long position) throws IOException;

    /** Returns when what was written survives a loss of power. */
    void force() throws IOException;

    void truncate(long size) throws IOException;

    @Override
    void close() throws IOException;
}
