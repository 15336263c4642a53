package dev.banyan.dataplane.wire.http1;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever request we accept: what we write of it, read again, is one message, and the one that was meant. */
class ForwardedIsOneMessageTest {
    private static final int CASES = Integer.getInteger("banyan.fuzz.cases", 3_000);
    private static final long SEED = Long.getLong("banyan.fuzz.seed", 20_260_102L);

    private static final List<String> CORPUS = List.of(
            "GET /x?y=z HTTP/1.1\r\nHost: a\r\nX: y\r\nAccept: */*\r\n\r\n",
            "GET http://a?x HTTP/1.1\r\nHost: a\r\nX:\r\n\r\n",
            "OPTIONS http://a HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /old HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n",
            "POST /p HTTP/1.1\r\nContent-Length: 3\r\nHost: a\r\nX:\t y \t\r\n\r\nabc",
            "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nX: y\r\n\r\n3;x\r\nabc\r\nA\r\n0123456789\r\n0\r\nX: y\r\nY:\r\n\r\n");

    @Test
    void what_is_forwarded_is_read_as_it_was_meant() {
        Mutations mutations = new Mutations(SEED, CORPUS);
        int forwarded = 0;
        for (int i = 0; i < CASES; i++) {
            forwarded += Forwarded.checkRequest(mutations.next(0)) ? 1 : 0;
        }
        assertThat(forwarded).isGreaterThan(CASES / 20);
    }
}
