package dev.banyan.testing;

import dev.banyan.routing.Upstream.Protocol;
import java.io.IOException;
import java.util.List;

/** One end of one exchange, whichever protocol it speaks: piece by piece, as a test says. Names of fields are in lower case. */
public interface MessageEnd extends AutoCloseable {
    static MessageEnd client(Protocol protocol, int port) throws IOException {
        return protocol == Protocol.HTTP1
                ? Http1End.client(new RawClient(port).socket())
                : Http2End.client(FramePeer.settled(port));
    }

    /** Of a connection that an upstream has accepted. */
    static MessageEnd server(Protocol protocol, RawUpstream.Connection connection) throws IOException {
        return protocol == Protocol.HTTP1
                ? Http1End.server(connection.socket())
                : Http2End.server(FramePeer.accepted(connection.socket()));
    }

    /** A request's head: that of a GET is all of it. */
    void ask(String method, String path, String... namesAndValues) throws IOException;

    /** An answer's head; more follows. */
    void answer(int status, String... namesAndValues) throws IOException;

    void data(String data) throws IOException;

    void end(String... trailers) throws IOException;

    /** The next head: {@code GET /path} or the status first, then {@code name: value} each. */
    List<String> nextHead() throws IOException;

    /** So much of the content, as soon as it has come. */
    String nextData(int bytes) throws IOException;

    /** The trailers behind the content, once it has ended. */
    List<String> nextEnd() throws IOException;

    @Override
    void close() throws IOException;
}
