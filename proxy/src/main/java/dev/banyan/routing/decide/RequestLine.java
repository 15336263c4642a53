package dev.banyan.routing.decide;

import dev.banyan.routing.FieldText;
import dev.banyan.routing.HostName;
import dev.banyan.routing.RequestView;
import dev.banyan.routing.match.Utf8;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request written as text, to be explained: {@code GET /api/transactions/42?page=2}, and what goes with it. A value; each
 * {@code with} gives another.
 *
 * @param headers in the order they were given; at most one is {@code Host}
 */
public record RequestLine(
        String method,
        String rawPath,
        @Nullable String rawQuery,
        List<Field> headers,
        String clientAddress,
        @Nullable String user,
        boolean tls,
        FormMethod formMethod)
        implements RequestView {

    /** RFC 9110, 5.6.2. */
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    /** Anything else the proxy refuses before a route sees it. Half a surrogate pair is no character, and has no bytes. */
    private static final Pattern VISIBLE = Pattern.compile("[!-~\\x{80}-\\x{D7FF}\\x{E000}-\\x{10FFFF}]*");

    /** One header line. */
    public record Field(String name, String value) {
        private boolean is(String otherName) {
            return name.equalsIgnoreCase(otherName);
        }
    }

    public RequestLine {
        headers = List.copyOf(headers);
    }

    /**
     * Of a method and a path, or a whole URL for one that depends on the host; a path alone is a GET.
     *
     * @throws IllegalArgumentException if it is neither; the message says what to write
     */
    public static RequestLine parse(String line) {
        String[] words = line.strip().split(" +", -1);
        if (words.length > 2) {
            throw noRequest(line, "it has " + words.length + " words");
        }
        String method = words.length == 2 ? words[0] : "GET";
        if (!TOKEN.matcher(method).matches()) {
            throw noRequest(line, "'" + method + "' is not a method");
        }
        String target = words[words.length - 1];
        if (!VISIBLE.matcher(target).matches()) {
            throw noRequest(line, "a control character must be percent-encoded");
        }
        boolean tls = target.startsWith("https://");
        List<Field> headers = new ArrayList<>();
        if (tls || target.startsWith("http://")) {
            String afterScheme = target.substring(target.indexOf("//") + 2);
            int end = endOfAuthority(afterScheme);
            String authority = afterScheme.substring(0, end);
            if (authority.isEmpty() || authority.contains("@") || !Utf8.isAscii(authority)) {
                throw noRequest(line, "'" + authority + "' is not a host");
            }
            headers.add(new Field("Host", authority));
            target = afterScheme.substring(end);
            target = target.startsWith("/") ? target : "/" + target;
        }
        if (!target.startsWith("/") && !target.equals("*")) {
            throw noRequest(line, "'" + target + "' does not begin with /");
        }
        // As the proxy takes what a client sends of it in UTF-8.
        target = Utf8.escaped(target);
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        String query = question < 0 ? null : target.substring(question + 1);
        return new RequestLine(method, path, query, headers, "127.0.0.1", null, tls, new FormMethod.None());
    }

    private static IllegalArgumentException noRequest(String line, String why) {
        return new IllegalArgumentException(
                "'" + line + "' is not a request: " + why + " (expected: 'METHOD /path', such as 'GET /api/accounts')");
    }

    private static int endOfAuthority(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '/' || text.charAt(i) == '?') {
                return i;
            }
        }
        return text.length();
    }

    public RequestLine withUser(@Nullable String next) {
        return new RequestLine(method, rawPath, rawQuery, headers, clientAddress, next, tls, formMethod);
    }

    /**
     * With one more header, written {@code Name: value}.
     *
     * @throws IllegalArgumentException if it is none
     */
    public RequestLine withHeader(String header) {
        int colon = header.indexOf(':');
        if (colon < 0 || !isHeaderName(header.substring(0, colon))) {
            throw new IllegalArgumentException("'" + header + "' is not a header (expected: 'Name: value')");
        }
        return withHeader(header.substring(0, colon), header.substring(colon + 1));
    }

    /**
     * With one more header. A second {@code Host} is left out: that of a whole URL counts, whatever the header says (RFC 9112,
     * 3.2.2).
     *
     * @throws IllegalArgumentException if the name cannot be one
     */
    public RequestLine withHeader(String name, String value) {
        if (!isHeaderName(name)) {
            throw new IllegalArgumentException(
                    "'" + name + "' is not a header's name (expected: one such as X-User-Id)");
        }
        Field field = new Field(name, FieldText.trimmed(value));
        if (field.is("host") && header("host") != null) {
            return this;
        }
        List<Field> next = new ArrayList<>(headers);
        next.add(field);
        return new RequestLine(method, rawPath, rawQuery, next, clientAddress, user, tls, formMethod);
    }

    public static boolean isHeaderName(String name) {
        return TOKEN.matcher(name).matches();
    }

    public RequestLine withClientAddress(String next) {
        return new RequestLine(method, rawPath, rawQuery, headers, next, user, tls, formMethod);
    }

    public RequestLine withTls(boolean next) {
        return new RequestLine(method, rawPath, rawQuery, headers, clientAddress, user, next, formMethod);
    }

    public RequestLine withFormMethod(FormMethod next) {
        return new RequestLine(method, rawPath, rawQuery, headers, clientAddress, user, tls, next);
    }

    /** Path and query, as they came. */
    public String target() {
        return rawQuery == null ? rawPath : rawPath + "?" + rawQuery;
    }

    @Override
    public String host() {
        String authority = header("host");
        return authority == null ? "localhost" : HostName.of(authority);
    }

    @Override
    public @Nullable String header(String lowerCaseName) {
        return joined(lowerCaseName, ", ");
    }

    @Override
    public @Nullable String cookies() {
        return joined("cookie", "; ");
    }

    private @Nullable String joined(String lowerCaseName, String separator) {
        List<String> values = headers.stream()
                .filter(field -> field.is(lowerCaseName))
                .map(Field::value)
                .toList();
        return values.isEmpty() ? null : String.join(separator, values);
    }
}
