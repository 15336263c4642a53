package dev.banyan.testing;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An upstream that reads requests by the letter and remembers every byte of them. What is left over of one message would be taken for
 * the next, so that a smuggled request shows among {@link #requests()}.
 */
public final class StrictUpstream implements AutoCloseable {
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final RawUpstream raw;

    public StrictUpstream() throws IOException {
        raw = RawUpstream.running(this::serve);
    }

    private void serve(RawUpstream.Connection connection) throws IOException {
        for (String head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
            String body = body(connection, head);
            requests.add(head + body);
            connection.write(
                    head.startsWith("HEAD ")
                            ? "HTTP/1.1 200 OK\r\n\r\n"
                            : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        }
    }

    private static String body(RawUpstream.Connection connection, String head) throws IOException {
        String lower = head.toLowerCase(Locale.ROOT);
        if (lower.contains("\r\ntransfer-encoding: chunked\r\n")) {
            return chunks(connection);
        }
        int at = lower.indexOf("\r\ncontent-length: ");
        if (at < 0) {
            return "";
        }
        int start = at + "\r\ncontent-length: ".length();
        int length = Integer.parseInt(lower.substring(start, lower.indexOf('\r', start)));
        return whole(connection, length);
    }

    private static String chunks(RawUpstream.Connection connection) throws IOException {
        StringBuilder all = new StringBuilder();
        while (true) {
            String line = line(connection);
            all.append(line);
            int size = Integer.parseInt(line.trim(), 16);
            if (size > 0) {
                all.append(whole(connection, size)).append(line(connection));
                continue;
            }
            for (String trailer = line(connection); ; trailer = line(connection)) {
                all.append(trailer);
                if (trailer.equals("\r\n")) {
                    return all.toString();
                }
            }
        }
    }

    private static String whole(RawUpstream.Connection connection, int length) throws IOException {
        byte[] bytes = connection.readBytes(length);
        if (bytes.length < length) {
            throw new IOException("closed within a body");
        }
        return Bytes.text(bytes);
    }

    private static String line(RawUpstream.Connection connection) throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.length() < 2 || line.charAt(line.length() - 1) != '\n') {
            int b = connection.read();
            if (b < 0) {
                throw new IOException("closed within a body");
            }
            line.append((char) b);
        }
        return line.toString();
    }

    public int port() {
        return raw.port();
    }

    /** Every whole request, byte for byte, in the order of their ends. */
    public List<String> requests() {
        return requests;
    }

    /** Every head that came, also of requests whose body never came. */
    public List<String> heads() {
        return raw.heads();
    }

    public void forget() {
        requests.clear();
        raw.heads().clear();
    }

    @Override
    public void close() throws IOException {
        raw.close();
    }
}
