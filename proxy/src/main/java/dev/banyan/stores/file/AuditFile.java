package dev.banyan.stores.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The few things that the audit log does with the file it writes to. A port, so that tests can make each of them fail. */
interface AuditFile extends Closeable {

    long size() throws IOException;

    /** Writes all of it to the end. */
    void append(ByteBuffer bytes) throws IOException;

    void truncate(long size) throws IOException;

    /** Returns when what was written survives a loss of power. */
    void force() throws IOException;

    /** Makes it if it is missing. */
    interface Opening {
        AuditFile open(Path file) throws IOException;
    }

    /** A file of the operating system. */
    static AuditFile open(Path file) throws IOException {
        FileChannel channel = OwnerOnlyFile.open(file, StandardOpenOption.CREATE);
        return new AuditFile() {
            @Override
            public long size() throws IOException {
                return channel.size();
            }

            @Override
            public void append(ByteBuffer bytes) throws IOException {
                channel.position(channel.size());
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }

            @Override
            public void truncate(long size) throws IOException {
                channel.truncate(size);
            }

            @Override
            public void force() throws IOException {
                // With metadata: without the new length the line cannot be found again.
                channel.force(true);
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }
}
