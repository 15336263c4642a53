package dev.banyan.testing;

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

/**
 * A port that is abused, with TLS or without. Closing it ends all connections, and so whoever waits for them. What one attacker opens in
 * one round is a part of it, and is closed when the round is over: else this process would be out of descriptors before the proxy is.
 */
public final class AbuseTarget implements AutoCloseable {
    private final int port;
    private final @Nullable SSLContext tls;
    private final @Nullable AbuseTarget whole;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final Set<AbuseTarget> rounds = ConcurrentHashMap.newKeySet();
    private volatile boolean standing;
    private volatile boolean closed;

    public AbuseTarget(int port, @Nullable SSLContext tls) {
        this(port, tls, null);
    }

    private AbuseTarget(int port, @Nullable SSLContext tls, @Nullable AbuseTarget whole) {
        this.port = port;
        this.tls = tls;
        this.whole = whole;
    }

    /** The same port for one attacker's round. */
    public AbuseTarget round() throws IOException {
        AbuseTarget round = new AbuseTarget(port, tls, this);
        rounds.add(round);
        if (closed) {
            throw new IOException("enough");
        }
        return round;
    }

    public boolean closed() {
        return closed;
    }

    /** All connections that are meant to be there are. */
    public void stands() {
        standing = true;
        if (whole != null) {
            whole.stands();
        }
    }

    public boolean standing() {
        return standing;
    }

    /** A connection for HTTP/1, whose kernel takes no more than that which nobody reads; 0: as much as usual. */
    public Socket http1(int receiveBufferBytes) throws IOException {
        return connected(receiveBufferBytes, "http/1.1");
    }

    /** A connection on which nothing of TLS was said yet. */
    public Socket mute() throws IOException {
        return plain(0);
    }

    public FramePeer http2(int receiveBufferBytes) throws IOException {
        return FramePeer.over(connected(receiveBufferBytes, "h2"));
    }

    /** Done with, before the round is. */
    public void drop(Socket connection) throws IOException {
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

    public static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Below TLS, whose own close would wait for who is still sending. */
    @Override
    public void close() throws IOException {
        closed = true;
        for (AbuseTarget round : rounds) {
            round.close();
        }
        for (Socket connection : connections) {
            connection.close();
        }
        if (whole != null) {
            whole.rounds.remove(this);
        }
    }
}
