package dev.banyan.dataplane;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A port that is abused, with TLS or without. Closing it ends all connections, and so whoever waits for them. */
final class AbuseTarget implements AutoCloseable {
    private final int port;
    private final @Nullable SSLContext tls;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean standing;
    private volatile boolean closed;

    AbuseTarget(int port, @Nullable SSLContext tls) {
        this.port = port;
        this.tls = tls;
    }

    boolean closed() {
        return closed;
    }

    /** All connections that are meant to be there are. */
    void stands() {
        standing = true;
    }

    boolean standing() {
        return standing;
    }

    /** A connection for HTTP/1, whose kernel takes no more than that which nobody reads; 0: as much as usual. */
    Socket http1(int receiveBufferBytes) throws IOException {
        return connected(receiveBufferBytes, "http/1.1");
    }

    /** A connection on which nothing of TLS was said yet. */
    Socket mute() throws IOException {
        return plain(0);
    }

    FramePeer http2(int receiveBufferBytes) throws IOException {
        return FramePeer.over(connected(receiveBufferBytes, "h2"));
    }

    /** Done with, before all are. */
    void drop(Socket connection) throws IOException {
        connection.close();
        connections.removeIf(Socket::isClosed);
    }

    private Socket connected(int receiveBufferBytes, String protocol) throws IOException {
        Socket plain = plain(receiveBufferBytes);
        if (tls == null) {
            return plain;
        }
        SSLSocket encrypted =
                (SSLSocket) tls.getSocketFactory().createSocket(plain, "localhost", port, /* autoClose= */ true);
        SSLParameters parameters = encrypted.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {protocol});
        encrypted.setSSLParameters(parameters);
        encrypted.startHandshake();
        return encrypted;
    }

    private Socket plain(int receiveBufferBytes) throws IOException {
        Socket socket = new Socket();
        if (receiveBufferBytes > 0) {
            socket.setReceiveBufferSize(receiveBufferBytes);
        }
        connections.add(socket);
        if (closed) {
            throw new IOException("enough");
        }
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }

    static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Below TLS, whose own close would wait for who is still sending. */
    @Override
    public void close() throws IOException {
        closed = true;
        for (Socket connection : connections) {
            connection.close();
        }
    }
}
