package dev.banyan.traffic.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.Flags;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Share;
import dev.banyan.testing.Bytes;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.StrictUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import dev.banyan.testing.WatchedEdge;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Expect: 100-continue (RFC 9110, 10.1.1). */
class ExpectContinueTest {
    private static final String HEAD =
            "POST /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n";

    @Test
    void the_upstream_says_100_and_the_body_follows() throws IOException {
        AtomicReference<String> body = new AtomicReference<>("");
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    while (!connection.readHead().isEmpty()) {
                        connection.write("HTTP/1.1 100 Continue\r\n\r\n");
                        body.set(Bytes.text(connection.readBytes(5)));
                        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    }
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            for (int i = 0; i < 2; i++) {
                client.send(HEAD);
                assertThat(client.readHead()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
                client.send("01234");
                assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK\r\n").doesNotContain("Connection: close");
                assertThat(client.read(2)).isEqualTo("ok");
                assertThat(body).hasValue("01234");
            }
            assertThat(rails.heads().get(0)).contains("\r\nExpect: 100-continue\r\n");
        }
    }

    @Test
    void an_upstream_that_refuses_before_the_body_is_heard_and_the_connection_ends() throws IOException {
        for (String status :
                new String[] {"417 Expectation Failed", "413 Too Large", "401 Unauthorized", "302 Found", "200 OK"}) {
            try (RawUpstream rails = RawUpstream.running(connection -> {
                        connection.readHead();
                        connection.write("HTTP/1.1 " + status + "\r\nContent-Length: 2\r\n\r\nno");
                        assertThat(connection.read()).as("no body, and the end").isEqualTo(-1);
                    });
                    TestEdge edge = TestEdge.forwardingTo(rails.port())) {

                String answer = RawClient.exchange(edge.port(), HEAD);

                assertThat(answer)
                        .startsWith("HTTP/1.1 " + status)
                        .contains("\r\nConnection: close\r\n")
                        .endsWith("no");
            }
        }
    }

    @Test
    void a_body_that_is_sent_without_waiting_arrives_whole() throws IOException {
        try (StrictUpstream rails = new StrictUpstream();
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send(HEAD + "01234");

            assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK\r\n");
            assertThat(rails.requests().get(0)).endsWith("\r\n\r\n01234");
        }
    }

    @Test
    void a_form_that_is_looked_into_is_asked_for_by_us() throws IOException {
        try (StrictUpstream rails = new StrictUpstream();
                StrictUpstream modern = new StrictUpstream();
                TestEdge edge = TestEdge.with(RoutingTable.of(
                        1,
                        Tables.base(
                                List.of(
                                        Tables.upstream("rails", rails.port()),
                                        Tables.upstream("modern", modern.port())),
                                List.of(Tables.route("x", "modern", Share.ALL))),
                        Flags.NONE));
                RawClient client = new RawClient(edge.port())) {

            client.send(HEAD.replace(
                    "Content-Length: 5", "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3"));
            assertThat(client.readHead()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            client.send("a=b");

            assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK\r\n");
            assertThat(rails.requests()).hasSize(1);
            assertThat(rails.requests().get(0)).doesNotContain("Expect").endsWith("\r\n\r\na=b");
        }
    }

    @Test
    void it_is_not_passed_on_for_a_client_of_http_1_0_or_without_a_body() throws IOException {
        try (WatchedEdge edge = new WatchedEdge()) {
            assertThat(edge.forwarded(
                            "POST /x HTTP/1.0\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n01234"))
                    .doesNotContain("Expect")
                    .endsWith("01234");
            assertThat(edge.forwarded(
                            "GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\n\r\n"))
                    .doesNotContain("Expect");
            assertThat(
                            edge.forwarded(
                                    "POST /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-CONTINUE\r\nContent-Length: 1\r\n\r\nx"))
                    .contains("Expect: 100-CONTINUE\r\n");
        }
    }
}
