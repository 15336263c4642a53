package dev.banyan.app;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.util.SplittableRandom;

/** A trickle of requests from the demo's 200 users, so that there is something to see. */
final class SampleTraffic implements AutoCloseable {
    private static final int USERS = 200;
    private static final long MILLIS_BETWEEN = 50;
    private static final int POSTS_IN_100 = 4;
    private static final String[] PATHS = {
        "/api/transactions", "/api/transactions", "/api/transactions", "/api/accounts", "/api/goals", "/api/me", "/"
    };

    private final Vertx vertx;
    private final WebClient client;
    private final SplittableRandom random = new SplittableRandom();

    SampleTraffic(int port) {
        vertx = Vertx.vertx();
        client = WebClient.create(
                vertx,
                new WebClientOptions()
                        .setDefaultHost("127.0.0.1")
                        .setDefaultPort(port)
                        .setFollowRedirects(false)
                        .setUserAgent("banyan-demo")
                        .setKeepAliveTimeout(10),
                new PoolOptions().setHttp1MaxSize(8).setMaxWaitQueueSize(64));
        vertx.setPeriodic(MILLIS_BETWEEN, timer -> next());
    }

    private void next() {
        int user = 1 + random.nextInt(USERS);
        if (random.nextInt(100) < POSTS_IN_100) {
            request(HttpMethod.POST, "/api/transactions", user)
                    .putHeader("Content-Type", "application/json")
                    .sendBuffer(Buffer.buffer(
                            "{\"account_id\":" + (2 * user - 1) + ",\"amount\":\"-4.20\",\"description\":\"coffee\"}"));
        } else {
            request(HttpMethod.GET, PATHS[random.nextInt(PATHS.length)], user).send();
        }
    }

    /** A failure is part of what the demo shows: it stands in the proxy's own numbers. */
    private HttpRequest<Buffer> request(HttpMethod method, String path, int user) {
        return client.request(method, path)
                .putHeader("X-User-Id", Integer.toString(user))
                .putHeader("Accept", "application/json")
                .timeout(5_000);
    }

    @Override
    public void close() {
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
