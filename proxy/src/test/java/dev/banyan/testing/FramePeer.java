package dev.banyan.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One end of a connection that sends exactly the frames of HTTP/2 that a test says, good or bad, and reads those that come. */
public final class FramePeer implements AutoCloseable {
    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;
    public static final int END_STREAM = 1;
    public static final int ACK = 1;
    public static final int END_HEADERS = 4;

    public static final int PROTOCOL_ERROR = 1;
    public static final int ENHANCE_YOUR_CALM = 11;

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final Http2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder(Http2HeadersEncoder.NEVER_SENSITIVE);
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(true);

    /** One frame as it came. */
    public record Frame(
            int type,
            int flags,
            int stream,
            @SuppressWarnings("ArrayRecordComponent") byte[] payload) {
        public boolean has(int flag) {
            return (flags & flag) != 0;
        }

        public int number(int at) {
            return ByteBuffer.wrap(payload).getInt(at);
        }
    }

    /** All that came for one stream; {@code resetBy} is -1 if it ended in peace. */
    public record Answer(String status, List<String> fields, String body, List<String> trailers, int resetBy) {}

    private FramePeer(Socket connected) throws IOException {
        socket = connected;
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    private static FramePeer connected(int port, int receiveBufferBytes) throws IOException {
        Socket socket = new Socket();
        if (receiveBufferBytes > 0) {
            socket.setReceiveBufferSize(receiveBufferBytes);
        }
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return new FramePeer(socket);
    }

    /** The server's end, once the client's preface has come and SETTINGS were sent. */
    public static FramePeer accepted(Socket socket) throws IOException {
        FramePeer server = new FramePeer(socket);
        server.in.readNBytes(PREFACE.length());
        server.settings();
        return server;
    }

    /** Connected, with preface and empty SETTINGS sent. */
    public static FramePeer to(int port) throws IOException {
        FramePeer client = mute(port);
        client.raw(PREFACE);
        client.settings();
        return client;
    }

    /** As {@link #to}, and the server's SETTINGS acknowledged, so that their limits hold. */
    public static FramePeer settled(int port) throws IOException {
        FramePeer client = to(port);
        client.settle();
        return client;
    }

    /** As {@link #settled}, over a connection that is there already. */
    public static FramePeer over(Socket connected) throws IOException {
        FramePeer client = new FramePeer(connected);
        client.raw(PREFACE);
        client.settings();
        client.settle();
        return client;
    }

    private void settle() throws IOException {
        await(SETTINGS);
        frame(SETTINGS, ACK, 0);
    }

    /** Connected, and nothing sent. */
    public static FramePeer mute(int port) throws IOException {
        return connected(port, 0);
    }

    /** One whose kernel takes little that nobody reads. */
    public static FramePeer narrow(int port) throws IOException {
        FramePeer client = connected(port, 4096);
        client.raw(PREFACE);
        client.settings();
        return client;
    }

    // Sending.

    public void raw(String bytes) throws IOException {
        out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    public void frame(int type, int flags, int stream, byte... payload) throws IOException {
        send(bytes(type, flags, stream, payload));
    }

    public void send(byte[] frames) throws IOException {
        out.write(frames);
        out.flush();
    }

    public static byte[] bytes(int type, int flags, int stream, byte... payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .putShort((short) (payload.length >> 8))
                .put((byte) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** The same frame many times over, as one write. */
    public static byte[] times(int n, byte[] frame) {
        ByteBuffer all = ByteBuffer.allocate(n * frame.length);
        for (int i = 0; i < n; i++) {
            all.put(frame);
        }
        return all.array();
    }

    public static byte[] number(int number) {
        return ByteBuffer.allocate(4).putInt(number).array();
    }

    public void settings(int... idsAndValues) throws IOException {
        ByteBuffer payload = ByteBuffer.allocate(idsAndValues.length * 3);
        for (int i = 0; i < idsAndValues.length; i += 2) {
            payload.putShort((short) idsAndValues[i]).putInt(idsAndValues[i + 1]);
        }
        frame(SETTINGS, 0, 0, payload.array());
    }

    public void windowUpdate(int stream, int increment) throws IOException {
        frame(WINDOW_UPDATE, 0, stream, number(increment));
    }

    public void get(int stream, String path) throws IOException {
        headers(stream, true, ":method", "GET", ":scheme", "http", ":authority", "a.example", ":path", path);
    }

    public void post(int stream, String path, String... more) throws IOException {
        List<String> fields = new ArrayList<>(
                List.of(":method", "POST", ":scheme", "http", ":authority", "a.example", ":path", path));
        fields.addAll(List.of(more));
        headers(stream, false, fields.toArray(new String[0]));
    }

    public void headers(int stream, boolean endStream, String... namesAndValues) throws IOException {
        frame(HEADERS, END_HEADERS | (endStream ? END_STREAM : 0), stream, block(namesAndValues));
    }

    public byte[] block(String... namesAndValues) {
        Http2Headers headers = new DefaultHttp2Headers(false);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        ByteBuf block = Unpooled.buffer();
        try {
            encoder.encodeHeaders(1, headers, block);
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
        byte[] bytes = new byte[block.readableBytes()];
        block.readBytes(bytes);
        return bytes;
    }

    public void data(int stream, String content, boolean endStream) throws IOException {
        frame(DATA, endStream ? END_STREAM : 0, stream, content.getBytes(StandardCharsets.ISO_8859_1));
    }

    // Reading.

    /** Null at the end of the connection, however it came. */
    @Nullable
    public Frame next() throws IOException {
        try {
            int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            return new Frame(type, flags, stream, in.readNBytes(length));
        } catch (EOFException | SocketException e) {
            return null;
        }
    }

    /** The next of that type; others are dropped. */
    public Frame await(int type) throws IOException {
        for (Frame frame = next(); frame != null; frame = next()) {
            if (frame.type() == HEADERS) {
                fields(frame);
            }
            if (frame.type() == type) {
                return frame;
            }
        }
        throw new IOException("closed before a frame of type " + type);
    }

    /** The next of that type, with its fields not yet looked at. */
    public Frame next(int type) throws IOException {
        for (Frame frame = next(); frame != null; frame = next()) {
            if (frame.type() == type) {
                return frame;
            }
        }
        throw new IOException("closed before a frame of type " + type);
    }

    /** The error code of the GOAWAY that ends the connection; -1 if it ended without one. */
    public int goneAway() throws IOException {
        int code = -1;
        for (Frame frame = next(); frame != null; frame = next()) {
            if (frame.type() == GOAWAY) {
                code = frame.number(4);
            }
        }
        return code;
    }

    /** Everything of that stream until its end; what it takes from the windows is given back. */
    public Answer answer(int stream) throws IOException {
        String status = "";
        List<String> fields = List.of();
        List<String> trailers = List.of();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Frame frame = next(); frame != null; frame = next()) {
            List<String> read = frame.type() == HEADERS ? fields(frame) : List.of();
            if (frame.type() == DATA && frame.payload().length > 0) {
                windowUpdate(0, frame.payload().length);
            }
            if (frame.stream() != stream) {
                continue;
            }
            if (frame.type() == HEADERS && status.isEmpty()) {
                status = read.get(0).substring(":status: ".length());
                fields = read;
                status = status.startsWith("1") ? "" : status;
            } else if (frame.type() == HEADERS) {
                trailers = read;
            } else if (frame.type() == DATA && frame.payload().length > 0) {
                body.write(frame.payload());
                if (!frame.has(END_STREAM)) {
                    windowUpdate(stream, frame.payload().length);
                }
            }
            boolean reset = frame.type() == RST_STREAM;
            boolean ends = (frame.type() == DATA || frame.type() == HEADERS) && frame.has(END_STREAM);
            if (reset || ends) {
                int code = reset ? frame.number(0) : -1;
                return new Answer(status, fields, body.toString(StandardCharsets.ISO_8859_1), trailers, code);
            }
        }
        throw new IOException("closed within an answer: " + status + " " + body);
    }

    /** {@code name: value} each; every block must be asked for, or the table gets out of step. */
    public List<String> fields(Frame frame) {
        try {
            List<String> fields = new ArrayList<>();
            decoder.decodeHeaders(frame.stream(), Unpooled.wrappedBuffer(frame.payload()))
                    .forEach(field -> fields.add(field.getKey() + ": " + field.getValue()));
            return fields;
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
    }

    public Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
