package dev.banyan.sidetraffic;

import dev.banyan.net.Race;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.net.SocketAddress;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A probe's connection, found among the addresses of an endpoint as a request's is: else a probe would call well, or not, what no request
 * meets. Where a connection stands, what TLS makes of it is the result: a request looks no further either.
 */
final class ProbeConnection implements Race.Course<InetSocketAddress, Future<HttpClientConnection>, Throwable> {
    private final Vertx vertx;
    private final Context context;
    private final HttpClientAgent client;
    private final HttpConnectOptions manner;
    private final Function<InetSocketAddress, Optional<String>> refusal;
    private final Promise<HttpClientConnection> result = Promise.promise();

    /** No connection is made, because none may be. */
    static final class Refused extends ConnectException {
        private static final long serialVersionUID = 1;

        Refused(String why) {
            super(why);
        }
    }

    /** @param manner how to connect, but for the address */
    ProbeConnection(
            Vertx vertx,
            HttpClientAgent client,
            HttpConnectOptions manner,
            Function<InetSocketAddress, Optional<String>> refusal) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.client = client;
        this.manner = manner;
        this.refusal = refusal;
    }

    /** The caller closes it. */
    Future<HttpClientConnection> at(List<InetSocketAddress> addresses, Duration timeout) {
        context.runOnContext(go -> new Race<>(addresses, timeout, this, System::nanoTime).begin());
        return result.future();
    }

    /** The address that was judged is the one that is asked: a name server may have another answer a moment later. */
    @Override
    public void open(
            InetSocketAddress address, Duration limit, Race.Runner<Future<HttpClientConnection>, Throwable> runner) {
        Optional<String> refused = refusal.apply(address);
        if (refused.isPresent()) {
            context.runOnContext(go -> runner.failed(new Refused(refused.get())));
            return;
        }
        client.connect(new HttpConnectOptions(manner)
                        .setServer(SocketAddress.inetSocketAddress(
                                address.getPort(), address.getAddress().getHostAddress()))
                        .setConnectTimeout(Math.max(1, limit.toMillis())))
                .onComplete(connected -> {
                    if (connected.cause() instanceof SocketException) {
                        runner.failed(connected.cause());
                    } else {
                        runner.stands(
                                connected.succeeded()
                                        ? Future.succeededFuture(connected.result())
                                        : Future.failedFuture(connected.cause()));
                    }
                });
    }

    @Override
    public void later(Duration delay, Runnable task) {
        vertx.setTimer(Math.max(1, delay.toMillis()), due -> task.run());
    }

    @Override
    public void close(Future<HttpClientConnection> loser) {
        loser.onSuccess(HttpClientConnection::close);
    }

    @Override
    public void won(InetSocketAddress address, Future<HttpClientConnection> connection) {
        connection.onComplete(result);
    }

    /** What may not be connected to is told only where that is all there is. */
    @Override
    public void lost(List<Race.Failure<InetSocketAddress, Throwable>> failures) {
        result.fail(failures.stream()
                .map(Race.Failure::cause)
                .filter(cause -> !(cause instanceof Refused))
                .findFirst()
                .orElse(failures.get(0).cause()));
    }
}
