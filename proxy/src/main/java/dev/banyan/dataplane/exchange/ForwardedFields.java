package dev.banyan.dataplane.exchange;

import dev.banyan.dataplane.message.Ascii;
import dev.banyan.dataplane.message.Field;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.rules.Authority;
import dev.banyan.net.IpAddress;
import dev.banyan.net.Networks;
import dev.banyan.routing.FieldText;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a trusted proxy says of its client in X-Forwarded-* fields. Whatever they hold, there is an origin: what makes no sense counts
 * as not said. {@code Forwarded} is not read: a client can send it through a proxy that only knows the other fields, and Rails
 * ignores it.
 */
final class ForwardedFields {
    /**
     * Whom Rails and most frameworks take for a proxy by themselves. Another proxy in the chain, such as a public balancer, would
     * be taken for the client: the right-most address that is none of these.
     */
    private static final Networks TAKEN_FOR_PROXIES =
            Networks.of("127.0.0.0/8", "::1", "fc00::/7", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16");

    private static final Pattern WITH_PORT =
            Pattern.compile("\\[([0-9A-Fa-f:.]+)](?::[0-9]{1,5})?|([0-9.]+):[0-9]{1,5}");

    private ForwardedFields() {}

    /** @param unsaid what counts where the fields say nothing */
    static Origin origin(Head head, IpAddress proxy, Networks trustedProxies, Origin unsaid) {
        Chain chain = new Chain(proxy, trustedProxies);
        for (int i = lastIndexOf(head, head.count()); i >= 0 && chain.goesOn(); i = lastIndexOf(head, i)) {
            chain.walk(head.value(i));
        }
        String host = single(head, Field.X_FORWARDED_HOST);
        String port = single(head, Field.X_FORWARDED_PORT);
        return Origin.of(
                chain.client().toString(),
                chain.told(),
                https(head, unsaid.https()),
                host != null && isAuthority(host) ? host : null,
                port != null && isPort(port) ? port : null);
    }

    /** Several fields are one list, in their order (RFC 9110, 5.3). */
    private static int lastIndexOf(Head head, int before) {
        for (int i = before - 1; i >= 0; i--) {
            if (head.field(i) == Field.X_FORWARDED_FOR) {
                return i;
            }
        }
        return -1;
    }

    /** {@code wss} is the https of WebSockets; Rails would take it for http. */
    private static boolean https(Head head, boolean unsaid) {
        String scheme = single(head, Field.X_FORWARDED_PROTO);
        if (scheme == null) {
            return unsaid;
        }
        return switch (scheme.toLowerCase(Locale.ROOT)) {
            case "https", "wss" -> true;
            case "http", "ws" -> false;
            default -> unsaid;
        };
    }

    /** The value of a field that came once; of several nobody knows which is meant. */
    private static @Nullable String single(Head head, Field field) {
        int i = head.indexOf(field, 0);
        return i < 0 || head.indexOf(field, i + 1) >= 0 ? null : head.value(i);
    }

    private static boolean isAuthority(String text) {
        return Authority.isValid(Ascii.bytes(text), 0, text.length());
    }

    private static boolean isPort(String text) {
        return text.matches("[1-9][0-9]{0,4}") && Integer.parseInt(text) <= 65_535;
    }

    /** The walk from our peer towards the client, from right to left, as long as who names the next hop is trusted. */
    private static final class Chain {
        private final Networks trustedProxies;
        private final Deque<IpAddress> hops = new ArrayDeque<>();
        private boolean over;

        Chain(IpAddress peer, Networks trustedProxies) {
            this.trustedProxies = trustedProxies;
            hops.push(peer);
        }

        boolean goesOn() {
            return !over;
        }

        void walk(String value) {
            int end = value.length();
            while (goesOn() && end >= 0) {
                int comma = value.lastIndexOf(',', end - 1);
                hop(FieldText.trimmed(value.substring(comma + 1, end)));
                end = comma;
            }
        }

        private void hop(String text) {
            if (text.isEmpty()) {
                return;
            }
            IpAddress hop = address(text);
            if (hop != null) {
                hops.push(hop);
            }
            // "unknown", an obfuscated name, garbage: nobody vouches for what stands left of it.
            over = hop == null || !trustedProxies.contain(hop);
        }

        /** Some balancers add the port: {@code 192.0.2.7:50123}, {@code [2001:db8::7]:50123}. */
        private static @Nullable IpAddress address(String text) {
            Matcher withPort = WITH_PORT.matcher(text);
            if (!withPort.matches()) {
                return IpAddress.parse(text);
            }
            String literal = withPort.group(1);
            return IpAddress.parse(literal == null ? withPort.group(2) : literal);
        }

        IpAddress client() {
            return hops.getFirst();
        }

        /** What upstreams are told: the client, and behind it the proxies that they will take for such. */
        String told() {
            StringBuilder told = new StringBuilder(client().toString());
            hops.stream()
                    .skip(1)
                    .filter(TAKEN_FOR_PROXIES::contain)
                    .forEach(proxy -> told.append(", ").append(proxy));
            return told.toString();
        }
    }
}
