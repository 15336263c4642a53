package dev.banyan.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/**
 * A bad network: passes connections on byte for byte, and breaks them where a test says. Two threads a connection.
 *
 * <p>{@code FaultProxy.to(port).answers(Fault.cutAfter(10))} cuts every connection once ten bytes have come back;
 * {@code onConnection(1, ...)} leaves all others whole.
 */
public final class FaultProxy implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private final int target;
    private volatile IntFunction<Fault> requests = number -> Fault.NONE;
    private volatile IntFunction<Fault> answers = number -> Fault.NONE;

    /** What happens to one direction of one connection. */
    public interface Fault {
        Fault NONE = (link, at, piece) -> link.pass(piece);

        /**
         * Passes the next bytes on, or does not.
         *
         * @param at how many bytes have passed before
         * @return false: nothing passes any more
         */
        boolean apply(Link link, long at, byte[] piece) throws IOException;

        /** The sender has ended. */
        default void atEnd(Link link) throws IOException {
            link.endOutput();
        }

        /** Both ends are closed in order, as if the other had. */
        static Fault cutAfter(long bytes) {
            return after(bytes, Link::close);
        }

        /** Both ends get a reset. */
        static Fault resetAfter(long bytes) {
            return after(bytes, Link::reset);
        }

        /** Only this direction ends. */
        static Fault halfCloseAfter(long bytes) {
            return after(bytes, Link::endOutput);
        }

        /** Nothing more comes, and nothing is closed. */
        static Fault silentAfter(long bytes) {
            return after(bytes, link -> {});
        }

        /** Every byte in a segment of its own, as far as TCP allows. */
        static Fault trickle() {
            return (link, at, piece) -> {
                for (byte one : piece) {
                    link.pass(new byte[] {one});
                }
                return true;
            };
        }

        /** All comes later, the end too: who has closed is still sent to for that long. */
        static Fault delay(Duration by) {
            return new Delay(by);
        }

        /** All passes but the end. */
        static Fault withoutEnd() {
            return new Fault() {
                @Override
                public boolean apply(Link link, long at, byte[] piece) throws IOException {
                    return link.pass(piece);
                }

                @Override
                public void atEnd(Link link) {}
            };
        }

        /** One byte has all its bits turned over. */
        static Fault corrupt(long position) {
            return (link, at, piece) -> {
                if (at <= position && position < at + piece.length) {
                    piece[(int) (position - at)] ^= (byte) 0xff;
                }
                return link.pass(piece);
            };
        }

        private static Fault after(long bytes, End end) {
            return (link, at, piece) -> {
                int left = (int) Math.min(piece.length, bytes - at);
                if (left > 0) {
                    link.pass(Arrays.copyOf(piece, left));
                }
                if (at + piece.length < bytes) {
                    return true;
                }
                end.of(link);
                return false;
            };
        }
    }

    private record Delay(Duration by) implements Fault {
        @Override
        public boolean apply(Link link, long at, byte[] piece) throws IOException {
            LockSupport.parkNanos(piece.length == 0 ? 0 : by.toNanos());
            return link.pass(piece);
        }

        @Override
        public void atEnd(Link link) throws IOException {
            LockSupport.parkNanos(by.toNanos());
            link.endOutput();
        }
    }

    private interface End {
        void of(Link link) throws IOException;
    }

    /** One direction of a connection. */
    public static final class Link {
        private final Socket from;
        private final Socket to;

        public Link(Socket from, Socket to) {
            this.from = from;
            this.to = to;
        }

        public boolean pass(byte[] piece) throws IOException {
            OutputStream out = to.getOutputStream();
            out.write(piece);
            out.flush();
            return true;
        }

        public void close() throws IOException {
            from.close();
            to.close();
        }

        public void reset() throws IOException {
            from.setSoLinger(true, 0);
            to.setSoLinger(true, 0);
            close();
        }

        public void endOutput() throws IOException {
            to.shutdownOutput();
        }

        public void run(Fault fault) throws IOException {
            byte[] piece = new byte[16 * 1024];
            InputStream in = from.getInputStream();
            long at = 0;
            // A fault at 0 is one before any byte.
            boolean open = fault.apply(this, 0, new byte[0]);
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                open = open && fault.apply(this, at, Arrays.copyOf(piece, n));
                at += n;
            }
            if (open) {
                fault.atEnd(this);
            }
        }
    }

    private FaultProxy(int target) throws IOException {
        this.target = target;
        threads.execute(this::accept);
    }

    /** In front of what listens on that port. */
    public static FaultProxy to(int port) throws IOException {
        return new FaultProxy(port);
    }

    /** To what goes towards the server, on connections from now on. */
    public FaultProxy requests(Fault fault) {
        requests = number -> fault;
        return this;
    }

    /** To what comes back, on connections from now on. */
    public FaultProxy answers(Fault fault) {
        answers = number -> fault;
        return this;
    }

    /** What comes back is broken on the connection of that number only, the first being 0. */
    public FaultProxy answersOn(int connection, Fault fault) {
        answers = number -> number == connection ? fault : Fault.NONE;
        return this;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                sockets.add(client);
                int number = accepted.getAndIncrement();
                Socket upstream = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(upstream);
                client.setTcpNoDelay(true);
                upstream.setTcpNoDelay(true);
                Fault there = requests.apply(number);
                Fault back = answers.apply(number);
                threads.execute(() -> carry(new Link(client, upstream), there));
                threads.execute(() -> carry(new Link(upstream, client), back));
            } catch (IOException e) {
                // Closed: the end of the test; or a server that is gone, which its client will see.
            }
        }
    }

    private static void carry(Link link, Fault fault) {
        try {
            link.run(fault);
        } catch (IOException broken) {
            // By the other end, or by the other direction's fault.
            try {
                link.close();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    public int connections() {
        return accepted.get();
    }

    /** Closes every connection, in order. */
    public void cut() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
        threads.shutdownNow();
    }
}
