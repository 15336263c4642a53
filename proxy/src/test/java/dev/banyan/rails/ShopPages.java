package dev.banyan.rails;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.text.NumberFormat;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;

/** The shop's pages as somebody writes them by hand who looked at them in a browser, and not at the source of their templates. */
final class ShopPages {
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMM yyyy", Locale.US).withZone(ZoneOffset.UTC);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TO_ORDERS = "<a class='orders' href='/orders'>Orders</a>";

    private ShopPages() {}

    /** @param all orders of the user, listed or not: the page says what they come to */
    static String index(List<ShopOrder> shown, List<ShopOrder> all, String nonce) {
        String rows = shown.stream().map(ShopPages::row).collect(Collectors.joining());
        return layout("Orders", nonce, """
                <h1>Orders</h1>
                <table class='wide list' id=orders>
                <thead><tr><th>Number<th>Placed<th>Total<th>Paid
                <tbody>
                %s</table>
                <p class=sum>You have <b>%d</b> orders — %s in\u00a0all.
                """.formatted(rows, all.size(), dollars(ShopOrder.total(all))));
    }

    private static String row(ShopOrder order) {
        return """
                <tr id="order_%1$d" class="%2$s"><td><a href="/orders/%1$d" title="Order %3$s" class="number">%3$s</a>\
                <td><time datetime="%4$s">%5$s</time>, over a year ago<td class="total">%6$s\
                <td><input id="paid_%1$d" name="paid_%1$d" value="1" type="checkbox"%7$s disabled>
                """.formatted(
                        order.id(),
                        order.paid() ? "paid order" : "order",
                        order.number(),
                        order.createdAt(),
                        DAY.format(order.createdAt()),
                        dollars(order.total()),
                        order.paid() ? " checked" : "");
    }

    static String show(ShopOrder order, String nonce) {
        String items = order.items().stream()
                .map(item -> "<li>%d × %s, <em class=price>%s</em>\n"
                        .formatted(item.count(), escaped(item.name()), dollars(item.price())))
                .collect(Collectors.joining());
        return layout(TO_ORDERS, nonce, """
                <h1>Order %s</h1>
                <dl class="facts">
                    <dt>Placed</dt><dd><time class="placed" datetime="%s">%s</time></dd>
                    <dt>Total</dt><dd class="total">%s</dd>
                    <dt>Note</dt><dd class="note">%s</dd>
                </dl>
                <ul class="items">
                %s</ul>
                %s
                """.formatted(
                        order.number(),
                        order.createdAt(),
                        DAY.format(order.createdAt()),
                        dollars(order.total()),
                        escaped(order.note().orElse("none")),
                        items,
                        form(order)));
    }

    private static String form(ShopOrder order) {
        return """
                <form method="post" action="/orders/%1$d" class="edit">
                    <input type="hidden" name="authenticity_token" value="%2$s">
                    <input type="hidden" name="_method" value="patch">
                    <label for="order_note">Note</label>
                    <textarea id="order_note" name="order[note]" rows="3">%3$s</textarea>
                    <label for="order_paid">Paid</label>
                    <input type="hidden" name="order[paid]" value="0"><input id="order_paid" name="order[paid]" type="checkbox"%4$s value="1">
                    <select id="order_shipping" name="order[shipping]"><option value="post">By post<option value="courier" selected>By courier</select>
                    <input type="submit" name="commit" value="Save">
                </form>
                <form action="/orders/%1$d" method="post" class="button_to">
                    <input type="hidden" name="_method" value="delete"><input data-confirm="Sure?" type="submit" value="Cancel">
                    <input type="hidden" name="authenticity_token" value="%2$s">
                </form>
                <div data-order-state-value='%5$s' data-controller="order"></div>
                """.formatted(
                        order.id(),
                        UUID.randomUUID(),
                        escaped(order.note().orElse("")),
                        order.paid() ? " checked" : "",
                        escaped(state(order)).replace("'", "&#39;"));
    }

    private static String state(ShopOrder order) {
        ObjectNode state = JSON.createObjectNode().put("note", order.note().orElse(null));
        ArrayNode counts = state.putArray("counts");
        order.items().forEach(item -> counts.add(item.count()));
        return state.put("id", order.id()).toString();
    }

    static String login(String nonce) {
        return layout(TO_ORDERS, nonce, "<h1>Sign in</h1>");
    }

    static String notFound() {
        return """
                <!doctype html>
                <title>The page you were looking for doesn&#x27;t exist (404)</title>
                <meta content="width=device-width,initial-scale=1" name="viewport">
                <body class=rails-default-error-page>
                <div class=dialog>
                <h1>The page you were looking for doesn&apos;t exist.</h1>
                <p>You may have mistyped the address or the page may have moved.
                </div>
                """;
    }

    /** @param orders what stands for the list of orders at the top of the page */
    private static String layout(String orders, String nonce, String content) {
        return """
                <!doctype html>
                <html lang=en>
                <meta charset=utf-8>
                <title>Shop</title>
                <meta content="width=device-width,initial-scale=1" name=viewport>
                <link media=all rel=stylesheet data-turbolinks-track=reload href=/assets/application-1a2b3c4d.css>
                <script data-turbolinks-track=reload src=/assets/application-99aa00ff.js></script>
                <body>
                <NAV class="top bar">
                <a href="/orders"><img src="/assets/logo-5e6f7a8b.svg" alt="Shop"></a>
                %s
                <a href="/terms?lang=en&print=1">Terms &#38; conditions</a>
                </NAV>
                <main id="content">
                %s</main>
                <!-- Of the price service. -->
                <footer>Prices as of less than a minute ago</footer>
                <script nonce="%s">window.currency = "USD";</script>
                """.formatted(orders, content, nonce);
    }

    private static String dollars(BigDecimal amount) {
        return NumberFormat.getCurrencyInstance(Locale.US).format(amount);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
