package dev.banyan.rails;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Asks Rails one request after the other, over one connection as long as puma keeps it. */
public final class RailsConnection implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;
    private static final Pattern OF_THE_GRAMMAR = Pattern.compile("[A-Za-z0-9._~!$&'()*+,;=:@/?%-]*");
    private static final String WITNESS = "X-Witness: ";

    private final int port;
    private @Nullable Socket socket;
    private @Nullable InputStream in;

    RailsConnection(int port) {
        this.port = port;
    }

    public Taken ask(Asked asked) {
        try {
            if (!OF_THE_GRAMMAR.matcher(asked.target()).matches()) {
                // What puma cannot read it answers at once on a new connection only; on a kept one it waits until that
                // is idle.
                close();
            }
            if (socket == null) {
                open();
            }
            Objects.requireNonNull(socket).getOutputStream().write(asked.wire().getBytes(StandardCharsets.ISO_8859_1));
            return answer();
        } catch (IOException e) {
            throw new UncheckedIOException("asking rails " + asked, e);
        }
    }

    private void open() throws IOException {
        Socket opened = new Socket(InetAddress.getLoopbackAddress(), port);
        opened.setSoTimeout(PATIENCE_MILLIS);
        opened.setTcpNoDelay(true);
        socket = opened;
        in = new BufferedInputStream(opened.getInputStream());
    }

    /** A head and nothing else: the app gives every answer an empty body. */
    private Taken answer() throws IOException {
        String statusLine = line();
        int status = Integer.parseInt(statusLine.substring(9, 12));
        String witness = null;
        boolean keep = true;
        for (String field = line(); !field.isEmpty(); field = line()) {
            witness = field.startsWith(WITNESS) ? field.substring(WITNESS.length()) : witness;
            keep &= !field.equalsIgnoreCase("Connection: close");
        }
        if (witness == null || !keep) {
            // puma refused it by itself, and closes after.
            close();
        }
        return witness == null ? Taken.refusedByPuma(status) : Taken.of(status, witness);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = read(); b != '\n'; b = read()) {
            line.append((char) b);
        }
        line.setLength(Math.max(0, line.length() - 1));
        return line.toString();
    }

    private int read() throws IOException {
        int b = Objects.requireNonNull(in).read();
        if (b < 0) {
            throw new IOException("closed within a head");
        }
        return b;
    }

    @Override
    public void close() throws IOException {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }
}
