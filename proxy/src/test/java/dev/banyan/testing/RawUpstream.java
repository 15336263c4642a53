package dev.banyan.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.UnaryOperator;

/** An upstream that does, byte for byte, what a test says. One thread a connection. */
public final class RawUpstream implements AutoCloseable {
    private static final int BACKLOG = 100;

    private final ServerSocket server;
    private final Thread accepting;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<String> heads = new CopyOnWriteArrayList<>();

    /** What to do with one connection; returning closes it. */
    public interface Script {
        void run(Connection connection) throws IOException;
    }

    /** One accepted connection. */
    public final class Connection {
        private final InputStream in;
        private final OutputStream out;
        private final Socket socket;

        public Connection(Socket socket) throws IOException {
            this.socket = socket;
            this.in = socket.getInputStream();
            this.out = socket.getOutputStream();
        }

        /** The next head, with its empty line; empty at the end of the connection. */
        public String readHead() throws IOException {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            int matched = 0;
            while (matched < 4) {
                int b = in.read();
                if (b < 0) {
                    return "";
                }
                head.write(b);
                matched = b == (matched % 2 == 0 ? '\r' : '\n') ? matched + 1 : b == '\r' ? 1 : 0;
            }
            String text = head.toString(StandardCharsets.ISO_8859_1);
            heads.add(text);
            return text;
        }

        public byte[] readBytes(int n) throws IOException {
            return in.readNBytes(n);
        }

        public int read() throws IOException {
            return in.read();
        }

        /** Waits until a byte has come, and takes it. */
        public void awaitRead() throws IOException {
            if (in.read() < 0) {
                throw new IOException("closed where a byte was awaited");
            }
        }

        public InputStream input() {
            return in;
        }

        public Socket socket() {
            return socket;
        }

        public OutputStream output() {
            return out;
        }

        public void write(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }

        public void write(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        public void shutdownOutput() throws IOException {
            socket.shutdownOutput();
        }

        /** When it returns nobody can connect any more; connections that are open stay. */
        public void stopListening() throws IOException {
            server.close();
            try {
                // A thread that waits within accept keeps the kernel's socket open.
                accepting.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("the test has ended", e);
            }
        }

        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }

    private RawUpstream(ServerSocket server, Script script) {
        this.server = server;
        accepting = new Thread(() -> accept(script), "raw-upstream");
        accepting.setDaemon(true);
        accepting.start();
    }

    public static RawUpstream running(Script script) throws IOException {
        return new RawUpstream(new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()), script);
    }

    /** One at an address of its own, where a name has several. */
    public static RawUpstream answeringAt(String address, int port, String answer) throws IOException {
        return new RawUpstream(new ServerSocket(port, BACKLOG, InetAddress.getByName(address)), sameAnswer(answer));
    }

    /** One with TLS. */
    public static RawUpstream encrypted(TestCertificate shown, Script script) throws Exception {
        return new RawUpstream(
                shown.shown().getServerSocketFactory().createServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()),
                script);
    }

    /** Answers every request, whose body must not matter, with the same bytes; keeps the connection. */
    public static RawUpstream answering(String answer) throws IOException {
        return running(sameAnswer(answer));
    }

    /** Answers every request, whose body must not matter, by its head; keeps the connection. */
    public static RawUpstream answering(UnaryOperator<String> answer) throws IOException {
        return running(connection -> {
            for (String head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
                connection.write(answer.apply(head));
            }
        });
    }

    /**
     * Answers every request with the same bytes, when all of its content, sent in chunks, has come. Answered earlier, a stream of HTTP/2 is
     * over before its client may have sent what a test is about.
     */
    public static RawUpstream answeringAtTheEnd(String answer) throws IOException {
        return running(connection -> {
            while (!connection.readHead().isEmpty()) {
                StringBuilder content = new StringBuilder();
                while (!content.toString().endsWith("0\r\n\r\n")) {
                    int b = connection.read();
                    if (b < 0) {
                        return;
                    }
                    content.append((char) b);
                }
                connection.write(answer);
            }
        });
    }

    private static Script sameAnswer(String answer) {
        return connection -> {
            while (!connection.readHead().isEmpty()) {
                connection.write(answer);
            }
        };
    }

    /** A port where nobody listens, and nobody will for a while. */
    public static int portNobodyListensOn() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return taken.getLocalPort();
        }
    }

    private void accept(Script script) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                sockets.add(socket);
                threads.execute(() -> serve(socket, script));
            } catch (IOException | RejectedExecutionException e) {
                return; // closed: the end of the test
            }
        }
    }

    private void serve(Socket socket, Script script) {
        try (socket) {
            script.run(new Connection(socket));
        } catch (IOException e) {
            // The other end went first, which many tests want.
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Every head that came, over all connections. */
    public List<String> heads() {
        return heads;
    }

    public int connections() {
        return sockets.size();
    }

    /** Its process dies: listener and connections are closed at once. */
    public void kill() throws IOException {
        close();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        threads.shutdownNow();
    }
}
