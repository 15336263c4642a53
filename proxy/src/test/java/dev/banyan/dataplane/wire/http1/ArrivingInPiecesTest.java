package dev.banyan.dataplane.wire.http1;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A message is the same message, good or bad, wherever the network cuts it. */
class ArrivingInPiecesTest {
    private static final String NEXT = "GET /next HTTP/1.1\r\nHost: b\r\n\r\n";

    private static void isTheSameInEveryPieces(
            String bytes, Reading whole, java.util.function.Function<int[], Reading> read) {
        for (int cut = 0; cut <= bytes.length(); cut++) {
            assertThat(read.apply(new int[] {cut})).as("cut at %d", cut).isEqualTo(whole);
        }
        for (int cut = 1; cut < bytes.length(); cut += 3) {
            for (int second = cut; second <= Math.min(bytes.length(), cut + 4); second++) {
                assertThat(read.apply(new int[] {cut, second}))
                        .as("cut at %d and %d", cut, second)
                        .isEqualTo(whole);
            }
        }
        assertThat(read.apply(IntStream.rangeClosed(0, bytes.length()).toArray()))
                .as("byte by byte")
                .isEqualTo(whole);
    }

    private static Reading request(String bytes) {
        Reading whole = Reading.request(bytes);
        isTheSameInEveryPieces(bytes, whole, cuts -> Reading.request(bytes, cuts));
        return whole;
    }

    private static Reading answer(String bytes, boolean toHead) {
        Reading whole = Reading.answer(bytes, toHead);
        isTheSameInEveryPieces(bytes, whole, cuts -> Reading.answer(bytes, toHead, cuts));
        return whole;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: a\r\nX:\r\nY: \t z \t\r\n\r\n",
                "GET http://a/x?y HTTP/1.1\r\nHost: a\r\nX: \u00e9\tb\r\n\r\n",
                "GET / HTTP/1.0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n01234",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n03;x=\"y\\\"\" ; z\r\nabc\r\n1\r\nd\r\n00;e\r\nX: y\r\nZ:\r\n\r\n"
            })
    void a_good_request(String bytes) {
        Reading read = request(bytes + NEXT);

        assertThat(read.error()).isNull();
        assertThat(read.used()).as("where the next begins").isEqualTo(bytes.length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n\rX\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n X: y\r\n\r\n",
                "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n: y\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\u0000\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n01234",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3 \r\nabc\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX : y\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 1\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x=\"\r\nabc\r\n0\r\n\r\n"
            })
    void a_bad_request(String bytes) {
        assertThat(request(bytes + NEXT).error()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
                "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n\r\n"
            })
    void a_good_answer(String bytes) {
        Reading read = answer(bytes + "HTTP/1.1 200 OK\r\n", false);

        assertThat(read.error()).isNull();
        assertThat(read.used()).isEqualTo(bytes.length());
    }

    @Test
    void an_answer_until_the_end_of_the_connection() {
        assertThat(answer("HTTP/1.0 200 OK\r\n\r\nhello", false).body()).isEqualTo("hello");
    }

    @Test
    void an_answer_to_head() {
        String bytes = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";

        assertThat(answer(bytes + "HTTP/1.1", true).used()).isEqualTo(bytes.length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 1000 OK\r\n\r\n",
                "HTTP/1.1 600 OK\r\n\r\n",
                "\r\nHTTP/1.1 200 OK\r\n\r\n",
                "garbage\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\nx",
                "HTTP/1.1 103 X\r\nContent-Length: 1\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\nx\r\n0\r\n\r\n"
            })
    void a_bad_answer(String bytes) {
        assertThat(answer(bytes, false).error()).isNotNull();
    }

    @Test
    void a_head_of_many_steps() {
        StringBuilder fields = new StringBuilder();
        for (int i = 0; i < 120; i++) {
            fields.append("X-").append(i).append(": ").append("y".repeat(50)).append("\r\n");
        }
        String bytes = "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
        Reading whole = Reading.request(bytes);

        assertThat(whole.fields()).hasSize(121);
        for (int cut = 1; cut < bytes.length(); cut += 101) {
            assertThat(Reading.request(bytes, cut)).isEqualTo(whole);
        }
    }
}
