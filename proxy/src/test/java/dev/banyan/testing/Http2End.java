package dev.banyan.testing;

import dev.banyan.testing.FramePeer.Frame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The first stream of a connection. */
public final class Http2End implements MessageEnd {
    private final FramePeer peer;
    private final boolean client;
    private final StringBuilder content = new StringBuilder();
    private boolean ended;

    private Http2End(FramePeer peer, boolean client) {
        this.peer = peer;
        this.client = client;
    }

    public static Http2End client(FramePeer peer) {
        return new Http2End(peer, true);
    }

    public static Http2End server(FramePeer peer) {
        return new Http2End(peer, false);
    }

    @Override
    public void ask(String method, String path, String... namesAndValues) throws IOException {
        List<String> fields = new ArrayList<>(
                List.of(":method", method, ":scheme", "http", ":authority", "a.example", ":path", path));
        fields.addAll(List.of(namesAndValues));
        peer.headers(1, method.equals("GET"), fields.toArray(String[]::new));
    }

    @Override
    public void answer(int status, String... namesAndValues) throws IOException {
        List<String> fields = new ArrayList<>(List.of(":status", Integer.toString(status)));
        fields.addAll(List.of(namesAndValues));
        peer.headers(1, false, fields.toArray(String[]::new));
    }

    @Override
    public void data(String data) throws IOException {
        peer.data(1, data, false);
    }

    @Override
    public void end(String... trailers) throws IOException {
        if (trailers.length == 0) {
            peer.data(1, "", true);
        } else {
            peer.headers(1, true, trailers);
        }
    }

    @Override
    public List<String> nextHead() throws IOException {
        List<String> fields = peer.fields(peer.next(FramePeer.HEADERS));
        List<String> head = new ArrayList<>();
        head.add(client ? value(fields, ":status") : value(fields, ":method") + " " + value(fields, ":path"));
        fields.stream().filter(field -> !field.startsWith(":")).forEach(head::add);
        return head;
    }

    private static String value(List<String> fields, String name) {
        return fields.stream()
                .filter(field -> field.startsWith(name + ": "))
                .map(field -> field.substring(name.length() + 2))
                .findFirst()
                .orElse("none");
    }

    @Override
    public String nextData(int bytes) throws IOException {
        while (content.length() < bytes) {
            Frame frame = peer.next(FramePeer.DATA);
            content.append(Bytes.text(frame.payload()));
            ended = frame.has(FramePeer.END_STREAM);
            if (ended && content.length() < bytes) {
                throw new IOException("ended behind: " + content);
            }
        }
        String data = content.substring(0, bytes);
        content.delete(0, bytes);
        return data;
    }

    @Override
    public List<String> nextEnd() throws IOException {
        if (ended) {
            return List.of();
        }
        for (Frame frame = peer.next(); frame != null; frame = peer.next()) {
            if (frame.type() == FramePeer.HEADERS) {
                return peer.fields(frame);
            }
            if (frame.type() == FramePeer.DATA && frame.has(FramePeer.END_STREAM)) {
                return List.of();
            }
        }
        throw new IOException("closed where the end was expected");
    }

    @Override
    public void close() throws IOException {
        peer.close();
    }
}
