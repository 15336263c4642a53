package dev.banyan.rails;

import dev.banyan.routing.RequestView.FormMethod;
import dev.banyan.routing.decide.RequestLine;
import dev.banyan.routing.match.FormMethodReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request, byte for byte, one char each.
 *
 * @param headers without Host and Content-Length
 * @param body null: none, and no Content-Length either
 */
public record Asked(
        String method,
        String target,
        List<RequestLine.Field> headers,
        @Nullable String body) {
    public Asked {
        headers = List.copyOf(headers);
    }

    public static Asked get(String target) {
        return new Asked("GET", target, List.of(), null);
    }

    public Asked withHeader(String name, String value) {
        List<RequestLine.Field> next = new ArrayList<>(headers);
        next.add(new RequestLine.Field(name, value));
        return new Asked(method, target, next, body);
    }

    public Asked withBody(@Nullable String next) {
        return new Asked(method, target, headers, next);
    }

    public Asked withLine(String nextMethod, String nextTarget) {
        return new Asked(nextMethod, nextTarget, headers, body);
    }

    /** As Banyan sends it to that side: what it leaves out is left out. */
    public Asked sent(String sentMethod, String sentPath, boolean dropMethodOverride) {
        List<RequestLine.Field> kept = headers.stream()
                .filter(field -> field.name().indexOf('_') < 0)
                .filter(field -> !dropMethodOverride || !field.name().equalsIgnoreCase("x-http-method-override"))
                .toList();
        String query = view().rawQuery();
        return new Asked(sentMethod, query == null ? sentPath : sentPath + "?" + query, kept, body);
    }

    /** The whole message. */
    public String wire() {
        StringBuilder text = new StringBuilder();
        text.append(method).append(' ').append(target).append(" HTTP/1.1\r\nHost: shop.test\r\n");
        headers.forEach(field ->
                text.append(field.name()).append(": ").append(field.value()).append("\r\n"));
        if (body != null) {
            text.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        return text.append("\r\n").append(body == null ? "" : body).toString();
    }

    /** As routing sees it once its body is held. */
    public RequestLine view() {
        String pathAndQuery = target.startsWith("http://") ? afterAuthority() : target;
        int question = pathAndQuery.indexOf('?');
        RequestLine line = new RequestLine(
                method,
                question < 0 ? pathAndQuery : pathAndQuery.substring(0, question),
                question < 0 ? null : pathAndQuery.substring(question + 1),
                headers,
                "127.0.0.1",
                null,
                false,
                new FormMethod.None());
        byte[] bytes = (body == null ? "" : body).getBytes(StandardCharsets.ISO_8859_1);
        return line.withFormMethod(FormMethodReader.read(bytes, line.header("content-type")));
    }

    private String afterAuthority() {
        int slash = target.indexOf('/', "http://".length());
        return slash < 0 ? "/" : target.substring(slash);
    }
}
