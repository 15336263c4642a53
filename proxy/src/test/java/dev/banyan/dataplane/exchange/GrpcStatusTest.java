package dev.banyan.dataplane.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.dataplane.message.Ascii;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said to clients of gRPC, and what their servers say. */
class GrpcStatusTest {

    @ParameterizedTest
    @CsvSource({
        "400,INTERNAL",
        "401,UNAUTHENTICATED",
        "403,PERMISSION_DENIED",
        "404,UNIMPLEMENTED",
        "408,DEADLINE_EXCEEDED",
        "413,RESOURCE_EXHAUSTED",
        "429,UNAVAILABLE",
        "502,UNAVAILABLE",
        "503,UNAVAILABLE",
        "504,DEADLINE_EXCEEDED",
        "431,INTERNAL",
        "500,INTERNAL"
    })
    void an_http_status_becomes_one_of_grpc(int http, GrpcStatus grpc) {
        assertThat(GrpcStatus.of(http)).isEqualTo(grpc);
    }

    @Test
    void words_are_percent_encoded_as_utf_8() {
        assertThat(GrpcStatus.percentEncoded("100 % \u00fcber\r\n~")).isEqualTo("100 %25 %C3%BCber%0D%0A~");
    }

    @Test
    void trailers_are_read_as_they_were_written() {
        var trailers = GrpcStatus.UNAVAILABLE.trailers("50 %");

        assertThat(GrpcStatus.saidIn(trailers)).isEqualTo(GrpcStatus.UNAVAILABLE);
        assertThat(trailers.joined(Ascii.bytes("grpc-message"), ",")).isEqualTo("50 %25");
    }
}
