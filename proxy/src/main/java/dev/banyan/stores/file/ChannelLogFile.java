package dev.banyan.stores.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file of the operating system. */
final class ChannelLogFile implements LogFile {
    private final FileChannel channel;

    private ChannelLogFile(FileChannel channel) {
        this.channel = channel;
    }

    static ChannelLogFile open(Path path) throws IOException {
        return new ChannelLogFile(FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    static ChannelLogFile openToRead(Path path) throws IOException {
        return new ChannelLogFile(FileChannel.open(path, StandardOpenOption.READ));
    }

    @Override
    public long size() throws IOException {
        return channel.size();
    }

    @Override
    public void read(ByteBuffer into, long position) throws IOException {
        long at = position;
        while (into.hasRemaining()) {
            int read = channel.read(into, at);
            if (read < 0) {
                return;
            }
            at += read;
        }
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
        long at = position;
        while (from.hasRemaining()) {
            at += channel.write(from, at);
        }
    }

    @Override
    public void force() throws IOException {
        // With metadata: the file's new length is metadata, and without it the record cannot be found again.
        channel.force(true);
    }

    @Override
    public void truncate(long size) throws IOException {
        channel.truncate(size);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
