package dev.banyan.routing.keys;

import static dev.banyan.routing.keys.Kinds.SHARE;
import static dev.banyan.routing.keys.Schema.named;
import static dev.banyan.routing.keys.Schema.schema;

import dev.banyan.routing.Endpoint;
import dev.banyan.routing.Share;
import dev.banyan.yaml.Shown;
import dev.banyan.yaml.Value;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The kinds that only upstreams have. */
final class UpstreamKinds {
    private static final int MAX_ENDPOINTS = 1_000;

    private static final Map<String, Object> URL = named(
            "address",
            Schema.pattern(
                    "^[Hh][Tt][Tt][Pp][Ss]?://(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?$",
                    "examples",
                    List.of("http://127.0.0.1:3000")));

    static final Kind<Endpoint> ADDRESS = Kinds.text(Addresses::url, "URL", URL);

    static final Kind<List<Endpoint>> ADDRESSES = Kinds.many(
            UpstreamKinds::endpoints,
            "[ URL, ... ]",
            Schema.list(URL, "minItems", 1, "maxItems", MAX_ENDPOINTS, "uniqueItems", true));

    static final Kind<Endpoint> NAME = Kinds.text(
            Addresses::name,
            "[http://]HOST:PORT",
            named(
                    "name",
                    Schema.pattern(
                            "^([Hh][Tt][Tt][Pp][Ss]?://)?[A-Za-z0-9._-]+(:[0-9]{1,5})?/?$",
                            "examples",
                            List.of("http://accounts.internal:8080"))));

    static final Kind<Path> FILE = Kinds.text(UpstreamKinds::file, "FILE", Schema.pattern("\\S"));

    static final Kind<String> SERVER_NAME = Kinds.text(
            UpstreamKinds::serverName, "HOST", Schema.pattern("^[a-z0-9_-]{1,63}(\\.[a-z0-9_-]{1,63})*\\.?$"));

    static final Kind<String> PROBE = Kinds.text(
            UpstreamKinds::probePath,
            "PATH",
            Schema.pattern("^/[^\\s#\\\\\"<>^`{|}\\u007f-\\uffff]*$", "maxLength", 2048));

    static final Kind<Share> FAILURES = SHARE.but(
            value -> Shares.readSome(
                    value,
                    "at 0% the breaker would open without a failure",
                    "write the share of failures that is too much, such as 50%"),
            new Kind.Description(
                    "SHARE above 0%",
                    schema(
                            "allOf",
                            List.of(SHARE.described().schema(), schema("not", schema("pattern", "^0+(\\.0+)?%$")))),
                    SHARE.described().api()));

    private UpstreamKinds() {}

    private static Optional<List<Endpoint>> endpoints(Value value) {
        String fix = "write a list of addresses, such as [ http://10.0.0.1:8080, http://10.0.0.2:8080 ]";
        List<Value> items = value.items(fix);
        if (value.isList() && items.isEmpty()) {
            value.wrong("is an empty list", fix);
        }
        if (items.size() > MAX_ENDPOINTS
                && value.refused(items.size() + " are too many", "write at most " + MAX_ENDPOINTS + ", or use dns")) {
            return Optional.empty();
        }
        List<Endpoint> read = new ArrayList<>();
        for (Value item : items) {
            Addresses.url(item)
                    .filter(endpoint -> !isRefused(item, endpoint, read))
                    .ifPresent(read::add);
        }
        return Optional.of(read);
    }

    private static boolean isRefused(Value item, Endpoint endpoint, List<Endpoint> before) {
        if (before.stream().anyMatch(endpoint::namesTheSameAs)) {
            return item.refused(endpoint + " is listed twice", "keep one of them");
        }
        return !before.isEmpty()
                && before.get(0).tls() != endpoint.tls()
                && item.refused("some are http and some https", "use one of them for all endpoints of an upstream");
    }

    private static Optional<Path> file(Value value) {
        String fix = "write the path of a PEM file";
        return value.text(fix).flatMap(text -> {
            try {
                if (!text.isBlank()) {
                    return Optional.of(Path.of(text));
                }
            } catch (InvalidPathException invalid) {
                // Told below: the same to who wrote it.
            }
            value.wrong(Shown.text(text) + " is no path", fix);
            return Optional.empty();
        });
    }

    private static Optional<String> serverName(Value value) {
        String fix = "write a host name in lower case, such as accounts.internal";
        return value.text(fix).flatMap(text -> {
            // Neither SNI nor a certificate has the dot (RFC 6066, 3).
            String name = Names.withoutFinalDot(text);
            boolean refused = !Names.isHost(name) && value.refused(Shown.text(text) + " is no host name", fix);
            return refused ? Optional.empty() : Optional.of(name);
        });
    }

    private static Optional<String> probePath(Value value) {
        String fix = "write a path such as /health";
        return value.text(fix).filter(text -> {
            boolean valid = text.matches("/[!-~&&[^#\\\\\"<>^`{|}]]*") && text.length() <= 2048;
            return valid || !value.refused(Shown.text(text) + " is no path", fix);
        });
    }
}
