package dev.banyan.controlplane.parity.compare;

import dev.banyan.contract.SeenAnswer;
import dev.banyan.contract.SeenAnswer.HeaderField;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Answers as tests write them. */
public final class Answers {
    private Answers() {}

    /** With fields as {@code "Name: value"}. */
    static SeenAnswer answer(int status, String body, String... fields) {
        return answer(status, body.getBytes(StandardCharsets.UTF_8), fields);
    }

    static SeenAnswer answer(int status, byte[] body, String... fields) {
        List<HeaderField> head = new ArrayList<>();
        for (String field : fields) {
            String[] parts = field.split(": ", 2);
            head.add(new HeaderField(parts[0], parts[1]));
        }
        return new SeenAnswer(status, head, body, "", 0);
    }

    public static SeenAnswer json(String body) {
        return answer(200, body, "Content-Type: application/json");
    }
}
