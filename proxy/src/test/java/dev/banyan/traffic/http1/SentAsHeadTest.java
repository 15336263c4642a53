package dev.banyan.traffic.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.Flags;
import dev.banyan.routing.Route;
import dev.banyan.routing.Routes;
import dev.banyan.routing.RoutingTable;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A POST that Rails would take for a HEAD is sent to modern as one, whose answer has a length but no content. */
class SentAsHeadTest {
    @Test
    void the_client_that_posted_is_not_told_of_content_that_never_comes() throws IOException {
        try (RawUpstream modern = RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
                TestEdge edge = TestEdge.with(RoutingTable.of(
                        1,
                        Tables.base(
                                List.of(
                                        Tables.upstream("rails", modern.port()),
                                        Tables.upstream("modern", modern.port())),
                                List.of(modernOnly())),
                        Flags.NONE));
                RawClient client = new RawClient(edge.port())) {

            for (int i = 0; i < 2; i++) {
                client.send("POST /x HTTP/1.1\r\nHost: a\r\nX-HTTP-Method-Override: HEAD\r\nContent-Length: 0\r\n\r\n");
                assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK\r\n").contains("\r\nContent-Length: 0\r\n");
            }
            assertThat(modern.heads()).hasSize(2).allMatch(head -> head.startsWith("HEAD /x HTTP/1.1\r\n"));
        }
    }

    private static Route modernOnly() {
        return Routes.of("x", "{ match: 'GET,POST /x/**', modern: modern, canary: 100%, stick-by: [ cookie ] }");
    }
}
