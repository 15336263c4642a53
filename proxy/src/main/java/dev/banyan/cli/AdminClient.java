package dev.banyan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.json.Json;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.ext.web.codec.BodyCodec;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** Asks a proxy's admin API, one request at a time, and waits. Made for one command and closed with it. */
final class AdminClient implements AutoCloseable {
    private static final Duration CONNECT_DEADLINE = Duration.ofSeconds(3);

    /** A change is stored before it is acknowledged, and a disk may be slow; longer than that, somebody should look. */
    private static final Duration ANSWER_DEADLINE = Duration.ofSeconds(30);

    private static final int MAX_ANSWER_BYTES = 32 * 1024 * 1024;

    private final AdminAddress address;
    private final Duration answerDeadline;
    private final Vertx vertx;
    private final WebClient client;

    AdminClient(AdminAddress address) {
        this(address, ANSWER_DEADLINE);
    }

    /** For what takes longer than storing a change. */
    AdminClient(AdminAddress address, Duration answerDeadline) {
        this.address = address;
        this.answerDeadline = answerDeadline;
        this.vertx = Vertx.builder().with(oneSmallInstance()).build();
        this.client = WebClient.create(vertx, clientOptions(), onePlainConnection());
    }

    JsonNode get(String path) throws CommandFailed {
        return ask(HttpMethod.GET, path, Optional.empty());
    }

    JsonNode put(String path, JsonNode body) throws CommandFailed {
        return ask(HttpMethod.PUT, path, Optional.of(body));
    }

    JsonNode post(String path, JsonNode body) throws CommandFailed {
        return ask(HttpMethod.POST, path, Optional.of(body));
    }

    /** @param revision that the table must still be */
    JsonNode postIfMatch(String path, JsonNode body, String revision) throws CommandFailed {
        return ask(HttpMethod.POST, path, Optional.of(body), Optional.of('"' + revision + '"'));
    }

    JsonNode delete(String path) throws CommandFailed {
        return ask(HttpMethod.DELETE, path, Optional.empty());
    }

    JsonNode delete(String path, JsonNode body) throws CommandFailed {
        return ask(HttpMethod.DELETE, path, Optional.of(body));
    }

    @Override
    public void close() {
        client.close();
        vertx.close();
    }

    private JsonNode ask(HttpMethod method, String path, Optional<JsonNode> body) throws CommandFailed {
        return ask(method, path, body, Optional.empty());
    }

    private JsonNode ask(HttpMethod method, String path, Optional<JsonNode> body, Optional<String> ifMatch)
            throws CommandFailed {
        CappedBody answer = new CappedBody(MAX_ANSWER_BYTES);
        HttpRequest<Void> request = client.requestAbs(method, address.origin() + path)
                .putHeader("Accept", "application/json, application/problem+json")
                .bearerTokenAuthentication(address.token())
                .timeout(answerDeadline.toMillis())
                .as(BodyCodec.pipe(answer));
        ifMatch.ifPresent(tag -> request.putHeader("If-Match", tag));
        HttpResponse<Void> response = await(
                body.isEmpty()
                        ? request.send()
                        : request.putHeader("Content-Type", "application/json")
                                .sendBuffer(Buffer.buffer(Json.escaped(body.get()))));
        return AdminAnswer.read(address, method + " " + path, response, answer.bytes());
    }

    private HttpResponse<Void> await(Future<HttpResponse<Void>> pending) throws CommandFailed {
        try {
            return pending.toCompletionStage()
                    .toCompletableFuture()
                    .get(answerDeadline.plus(CONNECT_DEADLINE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw unreachable(e.getCause());
        } catch (TimeoutException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailed.because(
                    "interrupted while waiting for " + address.origin(),
                    "ask `banyan revisions` whether the change was made before you try again");
        }
    }

    private CommandFailed unreachable(@Nullable Throwable cause) {
        String where = "the proxy at " + address.origin() + " (from " + address.found() + ")";
        if (cause instanceof ConnectException) {
            return CommandFailed.because(
                    where + " refused the connection",
                    "start it with `banyan demo` or `banyan serve`, or name another with --data DIR or --admin URL");
        }
        if (cause instanceof TimeoutException) {
            return CommandFailed.because(
                    where + " did not answer within " + answerDeadline.toSeconds() + " s",
                    "see its log; ask `banyan revisions` whether the change was made before you try again");
        }
        if (cause instanceof SSLHandshakeException
                || (cause != null && cause.getCause() instanceof SSLHandshakeException)) {
            return CommandFailed.because(
                    where + " showed a certificate that is not trusted, or is not for this address",
                    "name the certificates to trust by --admin-ca FILE, and ask by a name that the proxy's certificate has");
        }
        return CommandFailed.because(
                where + " cannot be asked: " + (cause == null ? "no answer" : message(cause)),
                "check the address; the admin API is on port 9900 unless --admin-listen says otherwise");
    }

    private static String message(Throwable cause) {
        String message = cause.getMessage();
        return TextTable.printable(
                message == null || cause instanceof IOException == false ? cause.toString() : message);
    }

    /** A JVM that lives for a second needs one loop, no DNS client of its own and no cache directory. */
    private static VertxOptions oneSmallInstance() {
        return new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setUseDaemonThread(true)
                .setAddressResolverOptions(new AddressResolverOptions().setQueryTimeout(CONNECT_DEADLINE.toMillis()))
                .setFileSystemOptions(new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false));
    }

    private WebClientOptions clientOptions() {
        WebClientOptions options = new WebClientOptions(new WebClientOptions()
                .setUserAgent("banyan-cli")
                // A redirect would carry the token to wherever it points.
                .setFollowRedirects(false)
                .setMaxRedirects(0)
                .setDecompressionSupported(false)
                .setKeepAlive(true)
                .setKeepAliveTimeout(5)
                .setConnectTimeout((int) CONNECT_DEADLINE.toMillis())
                .setIdleTimeout((int) answerDeadline.toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setVerifyHost(true)
                .setTrustAll(false));
        address.authority()
                .ifPresent(file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
        return options;
    }

    private static PoolOptions onePlainConnection() {
        return new PoolOptions().setHttp1MaxSize(1).setHttp2MaxSize(1).setMaxWaitQueueSize(1);
    }
}
