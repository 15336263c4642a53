package dev.banyan.output;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/**
 * The process's standard output or standard error as a channel that stays open when its user is done. Apart from System.out and
 * System.err, whose locks others would wait for while a write stands still.
 */
public final class StandardStream implements WritableByteChannel {
    private final FileChannel channel;

    @SuppressWarnings("resource") // the process's own, and not ours to close
    private StandardStream(FileDescriptor descriptor) {
        this.channel = new FileOutputStream(descriptor).getChannel();
    }

    public static StandardStream out() {
        return new StandardStream(FileDescriptor.out);
    }

    public static StandardStream err() {
        return new StandardStream(FileDescriptor.err);
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        return channel.write(bytes);
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {}
}
