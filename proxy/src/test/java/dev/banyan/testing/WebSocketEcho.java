package dev.banyan.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket server that gives back every message, and refuses at the first byte what RFC 6455 forbids. At {@code close CODE REASON} it
 * closes with those. It ends its connections so that its last frame is never lost by a reset.
 */
public final class WebSocketEcho implements AutoCloseable {
    private static final Pattern KEY = Pattern.compile("(?im)^sec-websocket-key: *(\\S+)");
    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int PROTOCOL_ERROR = 1002;
    private static final int NO_UTF_8 = 1007;

    private final List<String> closes = new CopyOnWriteArrayList<>();
    private final RawUpstream upstream;

    public WebSocketEcho() throws IOException {
        upstream = RawUpstream.running(connection -> {
            Matcher key = KEY.matcher(connection.readHead());
            if (key.find()) {
                connection.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Accept: " + accept(key.group(1)) + "\r\n\r\n");
                new Talk(connection).run();
            }
        });
    }

    private static String accept(String key) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-1").digest(Bytes.of(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the other side must not do. */
    private static final class Violation extends Exception {
        private static final long serialVersionUID = 1;
        private final int code;

        Violation(int code) {
            this.code = code;
        }
    }

    /** One connection, after its handshake. */
    private final class Talk {
        private final RawUpstream.Connection connection;
        private final DataInputStream in;
        private final ByteArrayOutputStream message = new ByteArrayOutputStream();
        private int messageOpcode;
        private @Nullable Utf8 text;
        private boolean leaving;

        Talk(RawUpstream.Connection connection) {
            this.connection = connection;
            this.in = new DataInputStream(connection.input());
        }

        void run() throws IOException {
            try {
                boolean open = frame();
                while (open) {
                    open = frame();
                }
            } catch (Violation violation) {
                send(
                        CLOSE,
                        ByteBuffer.allocate(2).putShort((short) violation.code).array());
            }
            connection.shutdownOutput();
            in.transferTo(OutputStream.nullOutputStream());
        }

        private boolean frame() throws IOException, Violation {
            int first = in.readUnsignedByte();
            int second = in.readUnsignedByte();
            boolean last = (first & 0x80) != 0;
            int opcode = first & 0x0f;
            demand((first & 0x70) == 0 && (second & 0x80) != 0, PROTOCOL_ERROR);
            long length = second & 0x7f;
            if (opcode >= CLOSE) {
                demand(last && length < 126 && opcode <= PONG, PROTOCOL_ERROR);
                byte[] mask = in.readNBytes(4);
                return control(opcode, unmasked(in.readNBytes((int) length), mask, 0));
            }
            demand(
                    opcode == CONTINUATION ? messageOpcode != 0 : messageOpcode == 0 && opcode <= BINARY,
                    PROTOCOL_ERROR);
            length = length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
            if (opcode != CONTINUATION) {
                messageOpcode = opcode;
                text = opcode == TEXT ? new Utf8() : null;
            }
            content(length, in.readNBytes(4), last);
            if (last) {
                messageIsWhole();
            }
            return true;
        }

        private static void demand(boolean right, int code) throws Violation {
            if (!right) {
                throw new Violation(code);
            }
        }

        /** Looked at as it comes, so that what is wrong is refused before the rest is there. */
        private void content(long length, byte[] mask, boolean last) throws IOException, Violation {
            byte[] piece = new byte[64 * 1024];
            for (long at = 0; at < length; ) {
                int n = in.read(piece, 0, (int) Math.min(piece.length, length - at));
                demand(n > 0, PROTOCOL_ERROR);
                byte[] clear = unmasked(Arrays.copyOf(piece, n), mask, at);
                if (text != null) {
                    demand(text.takes(clear), NO_UTF_8);
                }
                message.write(clear);
                at += n;
            }
            demand(!last || text == null || text.isWhole(), NO_UTF_8);
        }

        private static byte[] unmasked(byte[] bytes, byte[] mask, long at) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] ^= mask[(int) ((at + i) & 3)];
            }
            return bytes;
        }

        private void messageIsWhole() throws IOException {
            byte[] whole = message.toByteArray();
            String[] said = messageOpcode == TEXT && whole.length < 100
                    ? new String(whole, StandardCharsets.UTF_8).split(" ", 3)
                    : new String[0];
            if (said.length == 3 && said[0].equals("close")) {
                leaving = true;
                byte[] reason = said[2].getBytes(StandardCharsets.UTF_8);
                send(
                        CLOSE,
                        ByteBuffer.allocate(2 + reason.length)
                                .putShort(Short.parseShort(said[1]))
                                .put(reason)
                                .array());
            } else {
                send(messageOpcode, whole);
            }
            message.reset();
            messageOpcode = 0;
        }

        private boolean control(int opcode, byte[] payload) throws IOException, Violation {
            if (opcode == PING) {
                send(PONG, payload);
            } else if (opcode == CLOSE) {
                closing(payload);
                return false;
            }
            return true;
        }

        private void closing(byte[] payload) throws IOException, Violation {
            if (payload.length > 0) {
                demand(payload.length > 1, PROTOCOL_ERROR);
                int code = ByteBuffer.wrap(payload).getShort();
                demand(mayBeSent(code), PROTOCOL_ERROR);
                Utf8 reason = new Utf8();
                demand(reason.takes(Arrays.copyOfRange(payload, 2, payload.length)), NO_UTF_8);
                demand(reason.isWhole(), NO_UTF_8);
                closes.add(code + " " + new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8));
            }
            if (!leaving) {
                send(CLOSE, payload);
            }
        }

        /** RFC 6455, 7.4. */
        private static boolean mayBeSent(int code) {
            return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1011) || (code >= 3000 && code <= 4999);
        }

        private void send(int opcode, byte[] payload) throws IOException {
            ByteBuffer frame = ByteBuffer.allocate(payload.length + 10).put((byte) (0x80 | opcode));
            if (payload.length < 126) {
                frame.put((byte) payload.length);
            } else if (payload.length < 1 << 16) {
                frame.put((byte) 126).putShort((short) payload.length);
            } else {
                frame.put((byte) 127).putLong(payload.length);
            }
            connection.output().write(frame.array(), 0, frame.put(payload).position());
        }
    }

    /** Text that comes in pieces, which may end within a character. */
    private static final class Utf8 {
        private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        private final CharBuffer dropped = CharBuffer.allocate(8 * 1024);
        private ByteBuffer rest = ByteBuffer.allocate(0);

        /** Whether it may still become text. */
        boolean takes(byte[] more) {
            ByteBuffer all = ByteBuffer.allocate(rest.remaining() + more.length)
                    .put(rest)
                    .put(more)
                    .flip();
            while (decoder.decode(all, dropped.clear(), false).isOverflow()) {
                // The characters themselves are not wanted.
            }
            boolean right = !decoder.decode(all, dropped.clear(), false).isError();
            rest = all;
            return right;
        }

        boolean isWhole() {
            return !rest.hasRemaining();
        }
    }

    /** Each Close frame that came: its code and its reason. */
    public List<String> closes() {
        return closes;
    }

    public int port() {
        return upstream.port();
    }

    @Override
    public void close() throws IOException {
        upstream.close();
    }
}
