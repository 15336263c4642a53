package dev.banyan.legacystub.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class EncryptedCookieTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    static List<JsonNode> vectors() throws IOException {
        try (InputStream in = EncryptedCookieTest.class.getResourceAsStream("/session-vectors.json")) {
            return List.copyOf(JSON.readTree(in).path("vectors").valueStream().toList());
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void a_cookie_is_read_exactly_where_rails_reads_it(JsonNode vector) {
        EncryptedCookie cookie = cookie(
                vector.path("cookie_name").asText(),
                vector.path("secret_key_base").asText());

        ObjectNode session = cookie.open(vector.path("cookie").asText());

        if (vector.path("expect").asText().equals("accept")) {
            // As text: a number is a number, whatever class it was read into.
            assertThat(String.valueOf(session)).isEqualTo(vector.path("session").toString());
        } else {
            assertThat(session).isNull();
        }
    }

    @Test
    void what_was_sealed_is_read_again_and_never_looks_the_same_twice() {
        EncryptedCookie cookie = cookie("_money_session", "secret");
        ObjectNode session = JsonNodeFactory.instance.objectNode().put("user_id", 9_007_199_254_740_993L);

        String first = cookie.seal(session);
        String second = cookie.seal(session);

        assertThat(first).isNotEqualTo(second).matches("[A-Za-z0-9%._-]+");
        assertThat(cookie.open(first)).hasToString(session.toString());
        assertThat(cookie.open(second)).hasToString(session.toString());
    }

    @Test
    void a_cookie_is_good_for_its_own_name_and_secret_only() {
        String sealed = cookie("_money_session", "secret").seal(JsonNodeFactory.instance.objectNode());

        assertThat(cookie("_other_session", "secret").open(sealed)).isNull();
        assertThat(cookie("_money_session", "another").open(sealed)).isNull();
    }

    private static EncryptedCookie cookie(String name, String secretKeyBase) {
        return new EncryptedCookie(name, secretKeyBase, Clock.systemUTC(), new SecureRandom());
    }
}
