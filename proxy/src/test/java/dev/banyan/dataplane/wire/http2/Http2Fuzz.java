package dev.banyan.dataplane.wire.http2;

import dev.banyan.dataplane.message.Framing;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.HeadLimits;
import dev.banyan.dataplane.message.rules.RequestRules;
import dev.banyan.dataplane.wire.http1.Forwarded;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http2.Http2Error;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Any bytes as the frames after a client's preface and SETTINGS: each request that comes whole goes on over HTTP/1 as the one message
 * that was meant.
 */
public final class Http2Fuzz {
    private static final byte[] NO_SETTINGS = {0, 0, 0, FrameType.SETTINGS, 0, 0, 0, 0, 0};

    private Http2Fuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        Requests requests = new Requests();
        FrameReader frames = new FrameReader(
                requests, UnpooledByteBufAllocator.DEFAULT, HeadLimits.DEFAULT.bytes(), Preface.expected());
        requests.reader = frames;
        ByteBuf in = Unpooled.wrappedBuffer(Preface.bytes(), NO_SETTINGS, input);
        int idle = 0;
        while (in.isReadable()) {
            int left = in.readableBytes();
            if (!frames.read(in)) {
                break;
            }
            // Once is how it says that a connection is broken.
            idle = in.readableBytes() == left ? idle + 1 : 0;
            if (idle > 1) {
                throw new AssertionError("would go on for ever over the last " + left + " bytes");
            }
        }
        frames.stop();
        in.release();
    }

    private record Request(Head head, long announcedBytes, List<String> body) {

        boolean hasWhatItAnnounced() {
            return announcedBytes < 0
                    || announcedBytes == body.stream().mapToInt(String::length).sum();
        }
    }

    /** As far as a connection goes that keeps no windows and answers nothing. */
    private static final class Requests implements FrameListener {
        private final FieldBlockReader fields = new FieldBlockReader(HeadLimits.DEFAULT, detail -> {});
        private final Map<Integer, Request> open = new HashMap<>();

        private @Nullable FrameReader reader;

        @Override
        public void headers(int stream, ByteBuf block, boolean endStream, boolean dependsOnItself) {
            Request begun = open.get(stream);
            Head head = new Head();
            FieldBlockReader.Result outcome =
                    begun == null ? fields.readRequest(block, head) : fields.readTrailers(block, head);
            if (outcome == FieldBlockReader.Result.UNDECODABLE) {
                stop();
            } else if (outcome != FieldBlockReader.Result.READ) {
                open.remove(stream);
            } else if (begun == null) {
                begin(stream, head, endStream);
            } else if (endStream && begun.hasWhatItAnnounced()) {
                Forwarded.checkRequest(begun.head(), begun.body(), head);
                open.remove(stream);
            }
        }

        private void begin(int stream, Head head, boolean endStream) {
            boolean refused = RequestRules.apply(head) != null;
            long announced = head.contentLength();
            if (refused || (endStream && announced > 0)) {
                return;
            }
            if (endStream) {
                Forwarded.checkRequest(head, List.of(), null);
                return;
            }
            if (announced < 0) {
                head.framed(Framing.CHUNKED, -1);
            }
            open.put(stream, new Request(head, announced, new ArrayList<>()));
        }

        @Override
        public void data(int stream, ByteBuf piece) {
            Request request = open.get(stream);
            if (request != null) {
                request.body().add(piece.toString(StandardCharsets.ISO_8859_1));
            }
            piece.release();
        }

        @Override
        public void dataEnds(int stream, boolean endStream) {
            Request request = endStream ? open.remove(stream) : null;
            if (request != null && request.hasWhatItAnnounced()) {
                Forwarded.checkRequest(request.head(), request.body(), null);
            }
        }

        @Override
        public void reset(int stream, long errorCode) {
            open.remove(stream);
        }

        @Override
        public void streamError(int stream, Http2Error error, String detail) {
            open.remove(stream);
        }

        @Override
        public void connectionError(ConnectionError error) {
            stop();
        }

        @Override
        public void misused(Misuse kind) {
            stop();
        }

        private void stop() {
            FrameReader frames = reader;
            if (frames != null) {
                frames.stop();
            }
        }

        @Override
        public void dataBegins(int stream, int flowBytes, int contentBytes) {
            if (contentBytes < 0 || contentBytes > flowBytes) {
                throw new AssertionError(contentBytes + " bytes of content in a frame of " + flowBytes);
            }
        }

        @Override
        public void priority(int stream) {}

        @Override
        public void setting(int id, long value) {}

        @Override
        public void settingsEnd() {}

        @Override
        public void settingsAcknowledged() {}

        @Override
        public void ping(long content) {}

        @Override
        public void pingAcknowledged(long content) {}

        @Override
        public void goAway(int lastStream, long errorCode) {}

        @Override
        public void windowUpdate(int stream, int increment) {}

        @Override
        public void unknown() {}
    }
}
