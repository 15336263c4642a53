package dev.banyan.traffic.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.dataplane.listener.ListenerSettings;
import dev.banyan.dataplane.wire.ClientTimeouts;
import dev.banyan.net.Networks;
import dev.banyan.routing.BaseTable;
import dev.banyan.routing.Flags;
import dev.banyan.routing.Route;
import dev.banyan.routing.Routes;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Share;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.StrictUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom a trusted proxy speaks for; 127.0.0.1, 10.0.0.0/8 and a public balancer are trusted, 127.0.0.2 is not. */
class TrustedProxyTest {
    private static final Networks TRUSTED = Networks.of("127.0.0.1", "10.0.0.0/8", "203.0.113.0/24", "2001:db8:1::/48");

    @SuppressWarnings("NullAway.Init")
    private static StrictUpstream upstream;

    @SuppressWarnings("NullAway.Init")
    private static TestEdge edge;

    @BeforeAll
    static void start() throws IOException {
        upstream = new StrictUpstream();
        edge = TestEdge.with(
                Tables.onlyDefault(upstream.port()),
                new ListenerSettings(TestEdge.anyPort(), TRUSTED, false),
                ClientTimeouts.DEFAULT);
    }

    @AfterAll
    static void stop() throws IOException {
        edge.close();
        upstream.close();
    }

    /** What the upstream saw of a request with these fields from that address. */
    private static String seen(String from, String fields) throws IOException {
        upstream.forget();
        try (RawClient client = RawClient.from(from, edge.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n" + fields + "Connection: close\r\n\r\n");
            assertThat(client.readToEnd()).as(fields).startsWith("HTTP/1.1 200 ");
        }
        assertThat(upstream.requests()).hasSize(1);
        return upstream.requests().get(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // The client, then those of its proxies that Rails knows for such: it takes the right-most other one.
                "198.51.100.9 | 198.51.100.9, 127.0.0.1",
                "198.51.100.9, 10.0.0.2 | 198.51.100.9, 10.0.0.2, 127.0.0.1",
                "198.51.100.9, 203.0.113.5 | 198.51.100.9, 127.0.0.1",
                "198.51.100.9, 203.0.113.5, 10.0.0.2 | 198.51.100.9, 10.0.0.2, 127.0.0.1",
                // What the client wrote itself nobody vouches for.
                "6.6.6.6, 198.51.100.9 | 198.51.100.9, 127.0.0.1",
                "10.0.0.9, 198.51.100.9, 10.0.0.2 | 198.51.100.9, 10.0.0.2, 127.0.0.1",
                "6.6.6.6, 192.168.1.7, 10.0.0.2 | 192.168.1.7, 10.0.0.2, 127.0.0.1",
                // Where all are trusted, the first is the client.
                "10.0.0.3, 10.0.0.2 | 10.0.0.3, 10.0.0.2, 127.0.0.1",
                // Garbage ends the walk at the last good one.
                "198.51.100.9, unknown | 127.0.0.1",
                "198.51.100.9, unknown, 10.0.0.2 | 10.0.0.2, 127.0.0.1",
                "198.51.100.9, _hidden, 10.0.0.2 | 10.0.0.2, 127.0.0.1",
                "198.51.100.9, 10.0.0.2.3 | 127.0.0.1",
                "198.51.100.9, 010.0.0.2 | 127.0.0.1",
                "198.51.100.9; 10.0.0.2 | 127.0.0.1",
                "\"198.51.100.9\" | 127.0.0.1",
                ", | 127.0.0.1",
                ",,198.51.100.9 ,, | 198.51.100.9, 127.0.0.1",
                // Other spellings.
                "198.51.100.9:50123 | 198.51.100.9, 127.0.0.1",
                "198.51.100.9:50123, 10.0.0.2:80 | 198.51.100.9, 10.0.0.2, 127.0.0.1",
                "2001:DB8:0:0::9 | 2001:db8::9, 127.0.0.1",
                "[2001:db8::9] | 2001:db8::9, 127.0.0.1",
                "[2001:db8::9]:50123 | 2001:db8::9, 127.0.0.1",
                "2001:db8::9, 2001:db8:1::5 | 2001:db8::9, 127.0.0.1",
                "::ffff:198.51.100.9, ::ffff:10.0.0.2 | 198.51.100.9, 10.0.0.2, 127.0.0.1"
            })
    void the_client_is_the_first_from_the_right_that_is_not_trusted(String chain, String told) throws IOException {
        assertThat(seen("127.0.0.1", "X-Forwarded-For: " + chain + "\r\n"))
                .containsOnlyOnce("X-Forwarded-For: ")
                .contains("X-Forwarded-For: " + told + "\r\n");
    }

    @Test
    void several_fields_are_one_chain_in_their_order() throws IOException {
        String fields = "X-Forwarded-For: 6.6.6.6, 198.51.100.9\r\nX: y\r\nx-forwarded-for: 10.0.0.3,10.0.0.2\r\n";

        assertThat(seen("127.0.0.1", fields))
                .containsOnlyOnce("orwarded-For: ")
                .contains("X-Forwarded-For: 198.51.100.9, 10.0.0.3, 10.0.0.2, 127.0.0.1\r\n");
    }

    @Test
    void a_peer_that_is_not_trusted_says_nothing_of_anybody() throws IOException {
        String fields = "X-Forwarded-For: 198.51.100.9\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: bank.test\r\n"
                + "X-Forwarded-Port: 443\r\nForwarded: for=198.51.100.9;proto=https\r\n";

        assertThat(seen("127.0.0.2", fields))
                .contains("X-Forwarded-For: 127.0.0.2\r\n", "X-Forwarded-Proto: http\r\n")
                .doesNotContain("198.51", "https", "bank.test", "443", "\r\nForwarded");
    }

    @Test
    void a_trusted_peer_that_names_nobody_is_the_client() throws IOException {
        assertThat(seen("127.0.0.1", ""))
                .contains("X-Forwarded-For: 127.0.0.1\r\n", "X-Forwarded-Proto: http\r\n")
                .doesNotContain("X-Forwarded-Host", "X-Forwarded-Port");
    }

    @Test
    void forwarded_and_its_relatives_are_dropped_whoever_sends_them() throws IOException {
        String fields = "Forwarded: for=198.51.100.9\r\nX-Forwarded-Ssl: on\r\nX-Forwarded-Scheme: https\r\n"
                + "X-Real-Ip: 6.6.6.6\r\nClient-Ip: 6.6.6.6\r\nX_Forwarded_For: 6.6.6.6\r\n";

        assertThat(seen("127.0.0.1", fields))
                .contains("X-Forwarded-For: 127.0.0.1\r\n")
                .doesNotContain("6.6.6.6", "198.51", "Ssl", "Scheme", "https");
    }

    @ParameterizedTest
    @CsvSource({"https, https", "HTTPS, https", "http, http", "wss, https", "ws, http"})
    void a_trusted_peer_says_how_the_client_came(String said, String told) throws IOException {
        assertThat(seen("127.0.0.1", "X-Forwarded-Proto: " + said + "\r\n"))
                .containsOnlyOnce("X-Forwarded-Proto: ")
                .contains("X-Forwarded-Proto: " + told + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Forwarded-Proto: https, http",
                "X-Forwarded-Proto: http,https",
                "X-Forwarded-Proto: https\r\nX-Forwarded-Proto: https",
                "X-Forwarded-Proto: \"https\"",
                "X-Forwarded-Proto: httpsx",
                "X-Forwarded-Proto:",
                "X-Forwarded-Host: a.test, b.test",
                "X-Forwarded-Host: a.test\r\nX-Forwarded-Host: a.test",
                "X-Forwarded-Host: a.test/x",
                "X-Forwarded-Host: x@a.test",
                "X-Forwarded-Host: a.test:99999",
                "X-Forwarded-Host: [::1",
                "X-Forwarded-Host:",
                "X-Forwarded-Port: 0",
                "X-Forwarded-Port: 65536",
                "X-Forwarded-Port: 443, 80",
                "X-Forwarded-Port: +443",
                "X-Forwarded-Port: 0443"
            })
    void what_makes_no_sense_counts_as_not_said(String fields) throws IOException {
        assertThat(seen("127.0.0.1", fields + "\r\n"))
                .containsOnlyOnce("X-Forwarded-Proto: ")
                .contains("X-Forwarded-Proto: http\r\n")
                .doesNotContain("X-Forwarded-Host", "X-Forwarded-Port");
    }

    @Test
    void a_trusted_peer_says_what_the_client_asked_for() throws IOException {
        assertThat(seen("127.0.0.1", "X-Forwarded-Host: bank.test:8443\r\nX-Forwarded-Port: 8443\r\n"))
                .contains("\r\nHost: a\r\n")
                .contains("\r\nX-Forwarded-Host: bank.test:8443\r\n", "\r\nX-Forwarded-Port: 8443\r\n");
    }

    @Test
    void connection_cannot_name_away_what_a_trusted_peer_said() throws IOException {
        String fields = "X-Forwarded-For: 198.51.100.9\r\nX-Forwarded-Proto: https\r\n"
                + "Connection: x-forwarded-for, x-forwarded-proto\r\n";

        assertThat(seen("127.0.0.1", fields))
                .contains("X-Forwarded-For: 198.51.100.9, 127.0.0.1\r\n", "X-Forwarded-Proto: https\r\n");
    }

    @Test
    void garbage_is_answered_like_anything_else() throws IOException {
        Random random = new Random(7);
        String alphabet = "0123456789.,:[] \tabcdef%\"\u00ff";
        for (int n = 0; n < 300; n++) {
            StringBuilder value = new StringBuilder();
            for (int i = random.nextInt(60); i > 0; i--) {
                value.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }

            assertThat(seen("127.0.0.1", "X-Forwarded-For: " + value + "\r\n"))
                    .as(value.toString())
                    .containsPattern("X-Forwarded-For: (?:[0-9a-f.:]+, )*127\\.0\\.0\\.1\r\n");
        }
    }

    /** A route that sticks by address, with a pilot from 198.51.100.9. */
    private static RoutingTable stickingByAddress(int rails, int modern) {
        Route byAddress = Routes.of("accounts", """
                match: GET,POST /accounts/**
                legacy: rails
                modern: accounts
                writes: legacy
                pilots: [ "ip:198.51.100.9" ]
                stick-by: [ ip ]
                """);
        BaseTable base = Tables.base(
                List.of(Tables.upstream("rails", rails), Tables.upstream("accounts", modern)), List.of(byAddress));
        return RoutingTable.of(1, base, Flags.NONE);
    }

    @Test
    void stickiness_and_the_access_log_go_by_the_client() throws IOException {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        ListenerSettings listen = new ListenerSettings(TestEdge.anyPort(), TRUSTED, false);
        try (TestEdge own = TestEdge.logging(
                stickingByAddress(upstream.port(), upstream.port()), listen, Channels.newChannel(log))) {
            String get = "GET /accounts HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";

            String pilot = RawClient.exchange(own.port(), get + "X-Forwarded-For: 198.51.100.9\r\n\r\n");
            String other = RawClient.exchange(own.port(), get + "X-Forwarded-For: 198.51.100.8\r\n\r\n");

            assertThat(pilot).contains("X-Banyan-Side: modern\r\n");
            assertThat(other).contains("X-Banyan-Side: legacy\r\n");
        }
        assertThat(log.toString(StandardCharsets.UTF_8))
                .contains("\"client\":\"198.51.100.9\"", "\"client\":\"198.51.100.8\"")
                .doesNotContain("127.0.0.1");
    }

    @Test
    void a_cookie_is_secure_for_who_came_by_https() throws IOException {
        RoutingTable table = RoutingTable.of(
                1,
                Tables.base(
                        List.of(Tables.upstream("rails", upstream.port()), Tables.upstream("modern", upstream.port())),
                        List.of(Tables.route("accounts", "modern", new Share(5_000)))),
                Flags.NONE);
        try (TestEdge own = TestEdge.with(
                table, new ListenerSettings(TestEdge.anyPort(), TRUSTED, false), ClientTimeouts.DEFAULT)) {
            String get = "GET /accounts HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";

            assertThat(RawClient.exchange(own.port(), get + "X-Forwarded-Proto: https\r\n\r\n"))
                    .containsPattern("Set-Cookie: banyan=[^\r]*; Secure");
            assertThat(RawClient.exchange(own.port(), get + "\r\n")).doesNotContain("Secure");
        }
    }

    @Test
    void nobody_is_trusted_unless_it_was_said() {
        assertThat(ListenerSettings.on(TestEdge.anyPort()).trustedProxies()).isEqualTo(Networks.NONE);
        assertThat(Optional.of(ListenerSettings.on(TestEdge.anyPort())).filter(ListenerSettings::proxyProtocol))
                .isEmpty();
    }
}
