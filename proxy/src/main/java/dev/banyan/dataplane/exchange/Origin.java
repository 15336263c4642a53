package dev.banyan.dataplane.exchange;

import dev.banyan.dataplane.message.FieldLine;
import dev.banyan.dataplane.message.OutgoingHead;
import org.jspecify.annotations.Nullable;

/**
 * Where a request comes from: its client, and how the client reached the outermost proxy that is trusted. One per connection, unless
 * the peer is a trusted proxy.
 *
 * @param client the client's IP address as text
 * @param https whether the client's own connection is encrypted
 * @param host the authority that the client asked for, where a trusted proxy says that it is another than Host
 */
public record Origin(
        String client,
        boolean https,
        @Nullable String host,
        FieldLine forwardedFor,
        FieldLine forwardedProto,
        @Nullable FieldLine forwardedHost,
        @Nullable FieldLine forwardedPort) {
    private static final FieldLine HTTP = FieldLine.of("X-Forwarded-Proto", "http");
    private static final FieldLine HTTPS = FieldLine.of("X-Forwarded-Proto", "https");

    /** Of a client that is connected to us. */
    public static Origin of(String client, boolean https) {
        return of(client, client, https, null, null);
    }

    /**
     * Of a client behind proxies.
     *
     * @param chain the client, and the proxies that upstreams are to know of
     */
    static Origin of(String client, String chain, boolean https, @Nullable String host, @Nullable String port) {
        return new Origin(
                client,
                https,
                host,
                FieldLine.of("X-Forwarded-For", chain),
                https ? HTTPS : HTTP,
                host == null ? null : FieldLine.of("X-Forwarded-Host", host),
                port == null ? null : FieldLine.of("X-Forwarded-Port", port));
    }

    /** Tells an upstream. */
    public void addTo(OutgoingHead out) {
        out.add(forwardedFor);
        out.add(forwardedProto);
        if (forwardedHost != null) {
            out.add(forwardedHost);
        }
        if (forwardedPort != null) {
            out.add(forwardedPort);
        }
    }
}
