package dev.banyan.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** An address that leaves connections without an answer, as a machine does that is gone: its backlog is full. */
public final class SilentListener implements AutoCloseable {
    private static final int MOST_WAITING = 16;
    private static final int ANSWER_MILLIS = 200;

    private final ServerSocket full;
    private final List<Socket> waiting = new ArrayList<>();

    public SilentListener(String address, int port) throws IOException {
        full = new ServerSocket(port, 1, InetAddress.getByName(address));
        while (waiting.size() < MOST_WAITING) {
            Socket socket = new Socket();
            waiting.add(socket);
            try {
                socket.connect(full.getLocalSocketAddress(), ANSWER_MILLIS);
            } catch (SocketTimeoutException silent) {
                return;
            }
        }
        close();
        throw new IOException("a backlog of 1 took " + MOST_WAITING);
    }

    public int port() {
        return full.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : waiting) {
            socket.close();
        }
        full.close();
    }
}
