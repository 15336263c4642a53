package dev.banyan.app;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Fifty requests a second from the demo's 200 users, so that there is something to see. Each of them takes a few seconds from one request
 * to the next, as people do, and goes on speaking its language; one is much busier than the others.
 */
final class SampleTraffic implements AutoCloseable {
    private static final int USERS = 200;
    private static final int BUSY_USER = 7;
    private static final int BUSY_ONE_IN = 20;
    private static final long MILLIS_BETWEEN = 20;
    private static final int POSTS_IN_100 = 4;
    private static final int TRANSACTIONS = 4000;

    private final Vertx vertx;
    private final WebClient client;
    private final SplittableRandom random = new SplittableRandom();
    private final List<Integer> order = inAnyOrder();
    private long requests;

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

    /** In turn, so that nobody asks twice within a moment: what one has just written is the same at both sides by then. */
    private static List<Integer> inAnyOrder() {
        List<Integer> users = new ArrayList<>(IntStream.rangeClosed(1, USERS)
                .filter(user -> user != BUSY_USER)
                .boxed()
                .toList());
        Collections.shuffle(users, new Random());
        return users;
    }

    private void next() {
        long number = requests++;
        int user = number % BUSY_ONE_IN == 0 ? BUSY_USER : order.get((int) (number % order.size()));
        // An account of one's own is one of two, whose numbers follow from the user's.
        int account = 2 * user - random.nextInt(2);
        int ofHundred = random.nextInt(100);
        if (ofHundred < POSTS_IN_100) {
            write(user, account);
        } else {
            request(HttpMethod.GET, target(ofHundred, account), user).send();
        }
    }

    /** What is read in a hundred requests. */
    private String target(int ofHundred, int account) {
        if (ofHundred < 44) {
            return "/api/transactions";
        } else if (ofHundred < 56) {
            return "/api/accounts";
        } else if (ofHundred < 62) {
            return "/api/accounts?kind=savings";
        } else if (ofHundred < 67) {
            return "/api/accounts/" + account;
        } else if (ofHundred < 77) {
            return "/api/accounts/" + account + "/summary";
        } else if (ofHundred < 80) {
            return "/api/accounts/" + (account + 2);
        } else if (ofHundred < 86) {
            // Nearly always somebody else's, which is not there.
            return "/api/transactions/" + (1 + random.nextInt(TRANSACTIONS));
        } else if (ofHundred < 90) {
            return "/api/goals";
        } else if (ofHundred < 94) {
            return "/api/me";
        } else {
            return ofHundred < 96 ? "/api/inbox" : "/";
        }
    }

    private void write(int user, int account) {
        request(HttpMethod.POST, "/api/transactions", user)
                .putHeader("Content-Type", "application/json")
                .sendBuffer(Buffer.buffer(
                        "{\"account_id\":" + account + ",\"amount\":\"-4.25\",\"description\":\"Caf\u00e9 & cake\"}"));
    }

    /** A failure is part of what the demo shows: it stands in the proxy's own numbers. */
    private HttpRequest<Buffer> request(HttpMethod method, String target, int user) {
        return client.request(method, target)
                .putHeader("X-User-Id", Integer.toString(user))
                .putHeader("Accept", "application/json")
                .putHeader("Accept-Language", user % 10 == 0 ? "de" : user % 10 == 1 ? "fr" : "en")
                .timeout(5_000);
    }

    @Override
    public void close() {
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
