package dev.banyan.stores.file;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A file to put faults into. */
class FaultyLogFile implements LogFile {
    private final LogFile file;

    FaultyLogFile(LogFile file) {
        this.file = file;
    }

    @Override
    public long size() throws IOException {
        return file.size();
    }

    @Override
    public void read(ByteBuffer into, long position) throws IOException {
        file.read(into, position);
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
        file.write(from, position);
    }

    @Override
    public void force() throws IOException {
        file.force();
    }

    @Override
    public void truncate(long size) throws IOException {
        file.truncate(size);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** The first half of it. */
    static ByteBuffer half(ByteBuffer whole) {
        return whole.slice(whole.position(), whole.remaining() / 2);
    }
}
