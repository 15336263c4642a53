package dev.banyan.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** In chunks, always. */
public final class Http1End implements MessageEnd {
    private final Socket socket;
    private final InputStream in;
    private final boolean client;
    private int leftOfChunk;

    private Http1End(Socket socket, boolean client) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.client = client;
    }

    public static Http1End client(Socket socket) throws IOException {
        return new Http1End(socket, true);
    }

    public static Http1End server(Socket socket) throws IOException {
        return new Http1End(socket, false);
    }

    @Override
    public void ask(String method, String path, String... namesAndValues) throws IOException {
        boolean content = !method.equals("GET");
        send(method + " " + path + " HTTP/1.1\r\nhost: a.example\r\n" + lines(namesAndValues)
                + (content ? "transfer-encoding: chunked\r\n\r\n" : "\r\n"));
    }

    @Override
    public void answer(int status, String... namesAndValues) throws IOException {
        boolean interim = status < 200;
        send("HTTP/1.1 " + status + " Said\r\n" + lines(namesAndValues)
                + (interim ? "\r\n" : "transfer-encoding: chunked\r\n\r\n"));
    }

    private static String lines(String... namesAndValues) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            lines.append(namesAndValues[i])
                    .append(": ")
                    .append(namesAndValues[i + 1])
                    .append("\r\n");
        }
        return lines.toString();
    }

    @Override
    public void data(String data) throws IOException {
        send(Integer.toHexString(data.length()) + "\r\n" + data + "\r\n");
    }

    @Override
    public void end(String... trailers) throws IOException {
        send("0\r\n" + lines(trailers) + "\r\n");
    }

    private void send(String text) throws IOException {
        socket.getOutputStream().write(Bytes.of(text));
    }

    @Override
    public List<String> nextHead() throws IOException {
        String[] start = line().split(" ", 3);
        List<String> head = new ArrayList<>();
        head.add(client ? start[1] : start[0] + " " + start[1]);
        head.addAll(fields());
        return head;
    }

    private List<String> fields() throws IOException {
        List<String> fields = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            fields.add(line.substring(0, colon).toLowerCase(Locale.ROOT) + line.substring(colon));
        }
        return fields;
    }

    @Override
    public String nextData(int bytes) throws IOException {
        StringBuilder data = new StringBuilder();
        while (data.length() < bytes) {
            if (leftOfChunk == 0) {
                leftOfChunk = Integer.parseInt(line(), 16);
            }
            if (leftOfChunk == 0) {
                throw new IOException("ended behind: " + data);
            }
            int now = Math.min(leftOfChunk, bytes - data.length());
            data.append(Bytes.text(in.readNBytes(now)));
            leftOfChunk -= now;
            if (leftOfChunk == 0) {
                line();
            }
        }
        return data.toString();
    }

    @Override
    public List<String> nextEnd() throws IOException {
        String size = line();
        if (!size.equals("0")) {
            throw new IOException("more content where the end was expected: " + size);
        }
        return fields();
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("closed within: " + line);
            }
            line.append((char) b);
        }
        line.setLength(Math.max(0, line.length() - 1));
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
