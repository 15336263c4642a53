package dev.banyan.rails;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** An order as the Java service has it. The same are in {@code rails/shop/config.ru}. */
record ShopOrder(
        int id,
        String number,
        int userId,
        boolean paid,
        BigDecimal total,
        Instant createdAt,
        Optional<Instant> shippedAt,
        Optional<String> note,
        List<Item> items) {

    record Item(String name, int count, BigDecimal price) {}

    static final List<ShopOrder> ALL = List.of(
            new ShopOrder(
                    1,
                    "2026-0001",
                    7,
                    true,
                    new BigDecimal("1234.50"),
                    Instant.parse("2026-01-05T09:30:15.123Z"),
                    Optional.of(Instant.parse("2026-01-06T00:00:00Z")),
                    Optional.of("Leave it at Zoë's <b>door</b> & \"knock\""),
                    List.of(
                            new Item("Kettle", 1, new BigDecimal("1200.00")),
                            new Item("Cup & saucer", 3, new BigDecimal("11.50")))),
            new ShopOrder(
                    2,
                    "2026-0002",
                    7,
                    false,
                    new BigDecimal("7.00"),
                    Instant.parse("2026-02-07T23:59:59.999Z"),
                    Optional.empty(),
                    Optional.empty(),
                    List.of(new Item("Spoon", 2, new BigDecimal("3.50")))),
            new ShopOrder(
                    3,
                    "2026-0003",
                    8,
                    true,
                    new BigDecimal("80.10"),
                    Instant.parse("2026-02-08T00:00:00Z"),
                    Optional.empty(),
                    Optional.empty(),
                    List.of()),
            new ShopOrder(
                    4,
                    "2026-0004",
                    7,
                    true,
                    new BigDecimal("0.99"),
                    Instant.parse("2026-03-01T12:00:00Z"),
                    Optional.empty(),
                    Optional.of("Gift"),
                    List.of(new Item("Card", 1, new BigDecimal("0.99")))));

    static List<ShopOrder> of(String user) {
        return ALL.stream()
                .filter(order -> Integer.toString(order.userId()).equals(user))
                .toList();
    }

    static BigDecimal total(List<ShopOrder> orders) {
        return orders.stream().map(ShopOrder::total).reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
