package dev.banyan.legacystub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One connection, written and read byte for byte, so that nothing is tidied up on the way. */
final class RawClient implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 5000;

    private final Socket socket;

    RawClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    /** What came back; the body is unchunked. */
    record Answer(int status, List<String> headerLines, String body) {

        List<String> names() {
            return headerLines.stream()
                    .map(line -> line.substring(0, line.indexOf(':')))
                    .toList();
        }

        @Nullable
        String header(String name) {
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            headerLines.forEach(line -> headers.putIfAbsent(
                    line.substring(0, line.indexOf(':')),
                    line.substring(line.indexOf(':') + 1).strip()));
            return headers.get(name);
        }

        /** A header that the test cannot do without. */
        String need(String name) {
            String value = header(name);
            if (value == null) {
                throw new AssertionError("no " + name + " in " + headerLines);
            }
            return value;
        }

        String cookie() {
            String setCookie = need("Set-Cookie");
            return setCookie.substring(0, setCookie.indexOf(';'));
        }
    }

    static Answer get(int port, String path, String... headers) throws IOException {
        return send(port, "GET", path, "", headers);
    }

    static Answer send(int port, String method, String path, String body, String... headers) throws IOException {
        try (RawClient client = new RawClient(port)) {
            return client.exchange(method, path, body, headers);
        }
    }

    Answer exchange(String method, String path, String body, String... headers) throws IOException {
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
        if (List.of(headers).stream().noneMatch(header -> header.startsWith("Host:"))) {
            head.append("Host: 127.0.0.1:").append(socket.getPort()).append("\r\n");
        }
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0) {
            head.append("Content-Length: ").append(bytes.length).append("\r\n");
        }
        head.append("\r\n");
        socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
        return read(method);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private Answer read(String method) throws IOException {
        int status = Integer.parseInt(line().split(" ", 3)[1]);
        List<String> headerLines = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            headerLines.add(line);
        }
        Answer head = new Answer(status, headerLines, "");
        boolean bodiless = method.equals("HEAD") || status == 204 || status == 304;
        return bodiless ? head : new Answer(status, headerLines, body(head));
    }

    private String body(Answer head) throws IOException {
        String length = head.header("Content-Length");
        if (length != null) {
            return new String(socket.getInputStream().readNBytes(Integer.parseInt(length)), StandardCharsets.UTF_8);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        String encoding = head.header("Transfer-Encoding");
        if (encoding == null || !encoding.toLowerCase(Locale.ROOT).equals("chunked")) {
            throw new AssertionError("neither a length nor chunks in " + head.headerLines());
        }
        for (int size = chunkSize(); size > 0; size = chunkSize()) {
            body.write(socket.getInputStream().readNBytes(size));
            line();
        }
        line();
        return body.toString(StandardCharsets.UTF_8);
    }

    private int chunkSize() throws IOException {
        return Integer.parseInt(line(), 16);
    }

    private String line() throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("closed after: " + line);
            }
            line.append((char) next);
        }
        return line.toString().stripTrailing();
    }
}
