package dev.banyan.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.RoutingTable;
import java.io.IOException;
import java.util.List;
import java.util.function.IntFunction;

/** An edge in front of a {@link StrictUpstream}, to which one request after another is shown. */
public final class WatchedEdge implements AutoCloseable {
    private static final String WITNESS = "GET /witness HTTP/1.1\r\nHost: witness\r\nConnection: close\r\n\r\n";

    private final StrictUpstream upstream = new StrictUpstream();
    private final TestEdge edge;

    public WatchedEdge() throws IOException {
        this(Tables::onlyDefault);
    }

    public WatchedEdge(IntFunction<RoutingTable> tableFor) throws IOException {
        edge = TestEdge.with(tableFor.apply(upstream.port()));
    }

    public int port() {
        return edge.port();
    }

    public StrictUpstream upstream() {
        return upstream;
    }

    /** Sends on a connection of its own and reads until it is closed. */
    public String exchange(String request) throws IOException {
        upstream.forget();
        return RawClient.exchange(edge.port(), request);
    }

    /** The one request that the upstream saw, byte for byte, once {@code request} was sent and answered. */
    public String forwarded(String request) throws IOException {
        String answer = exchange(request);
        assertThat(answer).as(Bytes.visible(request)).startsWith("HTTP/1.1 200 ");
        assertThat(upstream.requests()).as(Bytes.visible(request)).hasSize(1);
        return upstream.requests().get(0);
    }

    /** Nothing of it may reach the upstream, and the connection must be closed after one answer. */
    public void refuses(String request, int status) throws IOException {
        String answer = exchange(request);

        assertThat(answer)
                .as(Bytes.visible(request))
                .startsWith("HTTP/1.1 " + status + " ")
                .contains("\r\nConnection: close\r\n");
        assertThat(answer.split("HTTP/1\\.1 ", -1))
                .as("one answer to " + Bytes.visible(request))
                .hasSize(2);
        assertThat(headsSeen()).as("forwarded of " + Bytes.visible(request)).isEmpty();
    }

    /** The heads that the upstream saw, once it has also seen a request that was sent after them. */
    public List<String> headsSeen() throws IOException {
        assertThat(RawClient.exchange(edge.port(), WITNESS)).startsWith("HTTP/1.1 200 ");
        return upstream.heads().stream()
                .filter(head -> !head.startsWith("GET /witness "))
                .toList();
    }

    @Override
    public void close() throws IOException {
        edge.close();
        upstream.close();
    }
}
