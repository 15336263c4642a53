package dev.banyan.settings;

import static dev.banyan.settings.Kind.ACCESS_LOG;
import static dev.banyan.settings.Kind.ADDRESS;
import static dev.banyan.settings.Kind.CERTIFICATE;
import static dev.banyan.settings.Kind.DIRECTORY;
import static dev.banyan.settings.Kind.FILE_OR_OFF;
import static dev.banyan.settings.Kind.HOST;
import static dev.banyan.settings.Kind.IP_ADDRESS;
import static dev.banyan.settings.Kind.NAME_PART;
import static dev.banyan.settings.Kind.NETWORK;
import static dev.banyan.settings.Kind.SECRET;
import static dev.banyan.settings.Kind.YES_NO;
import static dev.banyan.settings.Kind.count;
import static dev.banyan.settings.Kind.duration;
import static dev.banyan.settings.Kind.listOf;
import static dev.banyan.settings.Kind.oneOf;
import static dev.banyan.settings.Kind.size;

import dev.banyan.net.Network;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Every setting of the process. From this table come the keys of {@code banyan.yaml}, the flags of {@code banyan serve}, the environment
 * variables, the table in {@code docs/settings.md} and what {@code /v1/settings} shows. What is not in force does not stand here.
 */
public final class SettingKeys {
    private static final List<Key<?>> ALL = new ArrayList<>();

    // spotless:off (one line per key)
    public static final Key<ListenAddress> LISTEN = key("listen", ADDRESS, "0.0.0.0:8080", "Where clients connect.");
    public static final Key<Path> ROUTES = key("routes", DIRECTORY, "./routes", "The directory with the routing table's files.");
    public static final Key<TableSource> SOURCE = key("source", oneOf(TableSource.class), "files", "What the table's base is: the watched directory, or the admin API.");
    public static final Key<Path> DATA = key("data", DIRECTORY, "./data", "This proxy's own files: revisions, tokens, keys, audit log.");
    public static final Key<Boolean> TAKE_OVER = key("take-over", YES_NO, "false", "Where another process has the data directory: serve its table, take over its listeners, and all else once it lets go.");
    public static final Key<List<SecretReference>> SIGNING_KEYS = key("signing-keys", listOf(SECRET), "", "What Banyan's cookies are signed with, the same on all replicas: the first signs, all verify; none: DATA/signing.key, made at the first start.");
    public static final Key<Boolean> DEBUG_HEADERS = key("debug-headers", YES_NO, "false", "Answers carry X-Banyan-Side, -Route, -Revision and -Reason.");
    public static final Key<Integer> LOOPS = key("loops", count(0, 1024), "0", "Event loops; 0: one a core.");
    public static final Key<List<Network>> TRUSTED_PROXIES = key("trusted-proxies", listOf(NETWORK), "", "Who is believed whom it asks for, by X-Forwarded-For or the PROXY protocol.");
    public static final Key<Switch> PROXY_PROTOCOL = key("proxy-protocol", oneOf(Switch.class), "off", "on: every connection begins with a PROXY header, of version 1 or 2, and only trusted proxies may connect.");
    public static final Key<List<Network>> LINK_LOCAL_UPSTREAMS = key("link-local-upstreams", listOf(NETWORK), "", "Of the link-local and metadata addresses, those that upstreams may have after all.");
    public static final Key<ListenAddress> TLS_LISTEN = key("tls.listen", ADDRESS, "0.0.0.0:8443", "Where clients connect with TLS, if there are certificates.");
    public static final Key<List<CertificateReference>> TLS_CERTIFICATES = key("tls.certificates", listOf(CERTIFICATE), "", "Certificates with their keys, as PEM files; the first is for clients that name no server. New files are taken without a restart.");
    public static final Key<Switch> TLS_ONLY = key("tls.only", oneOf(Switch.class), "off", "on: no listener without TLS.");
    public static final Key<ListenAddress> ADMIN_LISTEN = key("admin.listen", ADDRESS, "127.0.0.1:9900", "The admin API and the dashboard.");
    public static final Key<Boolean> ADMIN_INSECURE = key("admin.insecure", YES_NO, "false", "The admin endpoint may listen in plain text on an address that others can reach.");
    public static final Key<Optional<Path>> ADMIN_CERTIFICATE = key("admin.certificate", FILE_OR_OFF, "off", "The admin endpoint's certificate chain in PEM, for TLS; read again when it changes.");
    public static final Key<Optional<Path>> ADMIN_CERTIFICATE_KEY = key("admin.certificate-key", FILE_OR_OFF, "off", "Its private key in PEM.");
    public static final Key<List<String>> ADMIN_ALLOWED_HOSTS = key("admin.allowed-hosts", listOf(HOST), "", "More names that the admin endpoint may be asked by, beside its address and localhost; without a port: with any.");
    public static final Key<ListenAddress> HEALTH_LISTEN = key("health.listen", ADDRESS, "0.0.0.0:9901", "/livez, /readyz and /metrics, open to everybody.");
    public static final Key<AccessLogTarget> LOG_ACCESS = key("log.access", ACCESS_LOG, "stdout", "Where the access log goes, a line of JSON a request.");
    public static final Key<LogLevel> LOG_LEVEL = key("log.level", oneOf(LogLevel.class), "info", "What the proxy says of itself on standard error.");
    public static final Key<Duration> TIMEOUT_HEAD = key("timeouts.head", duration("100ms", "10m"), "10s", "How long a client may take for a request's head, from its first byte.");
    public static final Key<Duration> TIMEOUT_KEEP_ALIVE = key("timeouts.keep-alive", duration("100ms", "24h"), "75s", "How long a client's connection may wait for its next request.");
    public static final Key<Duration> TIMEOUT_IDLE = key("timeouts.idle", duration("100ms", "24h"), "1m", "How long a client may send nothing of a body, or take nothing of an answer.");
    public static final Key<Duration> TIMEOUT_LINGER = key("timeouts.linger", duration("0s", "10m"), "5s", "How long a client may take to close after its last answer.");
    public static final Key<Duration> TIMEOUT_TUNNEL = key("timeouts.tunnel", duration("100ms", "24h"), "1h", "How long a WebSocket may last in which nothing moves, either way; then both sides are told 1001.");
    public static final Key<Integer> CONNECTIONS = key("limits.connections", count(1, 10_000_000), "20000", "How many connections clients may have open; one more is closed at once.");
    public static final Key<Integer> CONNECTIONS_PER_CLIENT = key("limits.connections-per-client", count(0, 10_000_000), "0", "How many of them one client may have, an IPv4 address or an IPv6 network of 64 bits, trusted proxies apart; 0: any number.");
    public static final Key<Long> HEAD = key("limits.head", size(4096, 1 << 20), "96KiB", "How large a request's head may be; a larger one gets 431.");
    public static final Key<Integer> HEAD_FIELDS = key("limits.head-fields", count(16, 4096), "256", "How many header fields a request may have; one with more gets 431.");
    public static final Key<Integer> STREAMS = key("limits.streams", count(1, 1024), "128", "How many requests a client's connection of HTTP/2 may have under way; one more is refused, unseen.");
    public static final Key<Long> STREAM_WINDOW = key("limits.stream-window", size(64 << 10, 16 << 20), "64KiB", "How much of each request's body over HTTP/2 may be on its way to an upstream that has not taken it; more is faster for large bodies from far away.");
    public static final Key<Long> CONNECTION_WINDOW = key("limits.connection-window", size(64 << 10, 256 << 20), "1MiB", "How much of all of them on one connection of HTTP/2.");
    public static final Key<Long> BODY_RATE = key("limits.body-rate", size(0, 1L << 30), "240B", "What a client must send of a body in a second, on average; 0B: anything.");
    public static final Key<Duration> BODY_GRACE = key("limits.body-grace", duration("0s", "1h"), "10s", "How long from a body's first byte on its rate is not judged.");
    public static final Key<List<String>> SECRET_QUERIES = key("shadow.secret-queries", listOf(NAME_PART), "token,code,key,state,signature,otp,password", "Parts of names of query parameters that may hold a secret: a request with one is never copied.");
    public static final Key<Sessions> SESSIONS = key("shadow.sessions", oneOf(Sessions.class), "cookie", "Where the monolith keeps its sessions. server: a request with a cookie is never made once more to the side that answered it, which could use up a flash or a token.");
    public static final Key<String> STRANGERS_ADDRESS = key("shadow.strangers-address", IP_ADDRESS, "192.0.2.1", "Where requests that are made once more without a client's credentials say that they come from (X-Forwarded-For), so that no limit or lockout of the monolith counts them for a client.");
    public static final Key<Optional<Path>> PROBE_AS = key("parity.probe-as", FILE_OR_OFF, "off", "A file with the credentials of a test user, a header field a line, which only its owner may read: as whom routes with probe are asked. Read at the start and at SIGHUP.");
    public static final Key<Duration> DRAIN_DELAY = key("drain.delay", duration("0s", "10m"), "0s", "How long after SIGTERM it serves on, not ready, until whoever sends traffic has noticed.");
    public static final Key<Duration> DRAIN_LIMIT = key("drain.limit", duration("0s", "24h"), "30s", "How long requests under way may take after that; then they are cut.");
    // spotless:on

    private SettingKeys() {}

    private static <T> Key<T> key(String name, Kind<T> kind, String defaultText, String description) {
        Key<T> key = new Key<>(name, kind, defaultText, description);
        ALL.add(key);
        return key;
    }

    /** All of them, in the order of the documentation. */
    public static List<Key<?>> all() {
        return List.copyOf(ALL);
    }
}
