package dev.banyan.rails;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** The shop of {@code rails/shop/config.ru} as a Java service, which can be told to get something wrong. */
final class JavaShop implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ORDERS = "/orders/";
    private static final String OLD = "/old/";

    private final HttpServer server;
    private final Slip slip;

    /** What it answers. */
    record Said(int status, Map<String, String> fields, String body) {
        Said withStatus(int other) {
            return new Said(other, fields, body);
        }

        Said withField(String name, String value) {
            Map<String, String> all = new TreeMap<>(fields);
            all.put(name, value);
            return new Said(status, all, body);
        }

        Said withoutField(String name) {
            Map<String, String> others = new TreeMap<>(fields);
            others.remove(name);
            return new Said(status, others, body);
        }

        Said withBody(String other) {
            return new Said(status, fields, other);
        }
    }

    /**
     * Something that it gets wrong.
     *
     * @param listed which orders it lists, of those that it should
     * @param said what it says, of what it should
     */
    record Slip(UnaryOperator<List<ShopOrder>> listed, UnaryOperator<Said> said) {
        static final Slip NONE = new Slip(UnaryOperator.identity(), UnaryOperator.identity());
    }

    JavaShop(Slip slip) throws IOException {
        this.slip = slip;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        Optional<String> user = Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-User-Id"));
        String host = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Host"))
                .orElse("");
        Said said = slip.said().apply(said(exchange.getRequestURI().getPath(), host, user));
        byte[] body = said.body().getBytes(StandardCharsets.UTF_8);
        said.fields().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        boolean bodiless = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(said.status(), bodiless ? -1 : body.length);
        if (!bodiless) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private Said said(String path, String host, Optional<String> user) {
        String nonce = UUID.randomUUID().toString();
        if (path.equals("/login")) {
            return page(ShopPages.login(nonce), nonce);
        }
        if (path.startsWith(OLD)) {
            // Else a browser would keep it for good.
            return redirect(301, host, ORDERS + path.substring(OLD.length()), nonce)
                    .withField("Cache-Control", "no-cache");
        }
        if (user.isEmpty()) {
            return redirect(302, host, "/login", nonce);
        }
        List<ShopOrder> orders = ShopOrder.of(user.get());
        List<ShopOrder> listed = slip.listed().apply(orders);
        return switch (path) {
            case "/orders" -> page(ShopPages.index(listed, orders, nonce), nonce);
            case "/orders.json" -> json(list(listed, orders), nonce);
            case "/orders/latest" ->
                redirect(302, host, ORDERS + orders.get(orders.size() - 1).id(), nonce);
            default -> one(path, orders, nonce);
        };
    }

    private static Said one(String path, List<ShopOrder> orders, String nonce) {
        boolean asJson = path.endsWith(".json");
        for (ShopOrder order : orders) {
            if (path.equals(ORDERS + order.id())) {
                return page(ShopPages.show(order, nonce), nonce);
            }
            if (path.equals(ORDERS + order.id() + ".json")) {
                return json(json(order), nonce).withField("ETag", "\"" + order.hashCode() + "\"");
            }
        }
        return asJson
                ? new Said(
                        404,
                        Map.of("Content-Type", "application/json"),
                        "{ \"error\": \"Not Found\", \"status\": 404 }")
                : new Said(404, Map.of("Content-Type", "text/html;charset=UTF-8"), ShopPages.notFound());
    }

    private static Said page(String html, String nonce) {
        return ok("text/html;charset=UTF-8", html, nonce);
    }

    private static Said json(ObjectNode json, String nonce) {
        return ok("application/json", json.toPrettyString(), nonce);
    }

    private static Said ok(String type, String body, String nonce) {
        return new Said(
                200,
                Map.of(
                        "Content-Type",
                        type,
                        "Cache-Control",
                        "private, max-age=0, must-revalidate",
                        "Content-Security-Policy",
                        policy(nonce)),
                body);
    }

    private static Said redirect(int status, String host, String path, String nonce) {
        return new Said(
                status, Map.of("Location", "http://" + host + path, "Content-Security-Policy", policy(nonce)), "");
    }

    private static String policy(String nonce) {
        return "script-src 'nonce-%s' 'self'; default-src 'self'".formatted(nonce);
    }

    private static ObjectNode list(List<ShopOrder> listed, List<ShopOrder> all) {
        ObjectNode list = JSON.createObjectNode();
        ArrayNode orders = list.putArray("orders");
        listed.forEach(order -> orders.add(json(order)));
        return list.put("total", ShopOrder.total(all));
    }

    /** Without what is not there. */
    private static ObjectNode json(ShopOrder order) {
        ObjectNode json = JSON.createObjectNode()
                .put("id", order.id())
                .put("user_id", order.userId())
                .put("number", order.number())
                .put("total", order.total())
                .put("paid", order.paid())
                .put("created_at", order.createdAt().toString());
        order.shippedAt().ifPresent(at -> json.put("shipped_at", at.toString()));
        order.note().ifPresent(note -> json.put("note", note));
        ArrayNode items = json.putArray("items");
        for (ShopOrder.Item item : order.items()) {
            items.addObject()
                    .put("name", item.name())
                    .put("count", item.count())
                    .put("price", item.price());
        }
        return json;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
