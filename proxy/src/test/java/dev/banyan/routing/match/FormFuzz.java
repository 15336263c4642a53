package dev.banyan.routing.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.RequestView.FormMethod;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Any bytes as a form: the first line is its content type. Nothing is thrown, and nothing is found that is not there. */
public final class FormFuzz {
    private FormFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        int newline = text.indexOf('\n');
        String contentType = newline < 0 ? null : text.substring(0, newline);
        byte[] body = Arrays.copyOfRange(input, newline + 1, input.length);

        FormMethod found = FormMethodReader.read(body, contentType);

        assertThat(found).isNotInstanceOf(FormMethod.NotHeld.class);
        if (!FormMethodReader.isForm(contentType)) {
            assertThat(found).isEqualTo(new FormMethod.None());
        }
        if (found instanceof FormMethod.Of of) {
            assertThat(of.method().length()).isLessThanOrEqualTo(Math.max(body.length, "text/plain".length()));
        }
    }
}
