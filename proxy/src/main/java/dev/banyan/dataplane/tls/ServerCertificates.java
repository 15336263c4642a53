package dev.banyan.dataplane.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.util.Mapping;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates in force. The files are looked at again and again; a good pair that is new is for every handshake from then on, while
 * connections keep what they have. A pair that is not good changes nothing: half of it may be written already.
 */
public final class ServerCertificates implements Mapping<@Nullable String, SslContext>, FileWatch.Watched {
    private static final Logger LOG = LoggerFactory.getLogger(ServerCertificates.class);

    private final TlsProvider provider;
    private final ApplicationProtocolConfig protocols;
    private final List<Slot> slots = new ArrayList<>();
    private final InstantSource clock;

    // Read at each handshake, written when a file changes: volatile, so that readers take no lock.
    private volatile Table inForce;

    /** One pair of files, what was last read of them, and the last good. */
    private static final class Slot {
        private final CertificateFiles files;
        private Certificate.Content seen;
        private volatile Certificate good;
        private String told = "";

        Slot(CertificateFiles files, Certificate.Content seen, Certificate good) {
            this.files = files;
            this.seen = seen;
            this.good = good;
        }
    }

    /** Which certificate is for which name. */
    private record Table(SslContext first, Map<String, SslContext> byName) {
        /** RFC 6125, 6.4.3: the star stands for one label, the first. */
        SslContext of(@Nullable String name) {
            if (name == null) {
                return first;
            }
            SslContext exact = byName.get(name);
            if (exact != null) {
                return exact;
            }
            int dot = name.indexOf('.');
            SslContext wildcard = dot < 0 ? null : byName.get("*" + name.substring(dot));
            return wildcard == null ? first : wildcard;
        }
    }

    /**
     * Reads them all.
     *
     * @param protocols for ALPN, the best first
     * @param watch what looks at the files from now on
     * @throws IOException if one cannot be served, with the file, what is wrong and what to do
     */
    public ServerCertificates(TlsSettings settings, List<String> protocols, FileWatch watch, InstantSource clock)
            throws IOException {
        this.provider = settings.provider();
        this.clock = clock;
        this.protocols = new ApplicationProtocolConfig(
                Protocol.ALPN, SelectorFailureBehavior.NO_ADVERTISE, SelectedListenerFailureBehavior.ACCEPT, protocols);
        for (CertificateFiles files : settings.certificates()) {
            Certificate.Content content = Certificate.Content.of(files);
            Certificate good = Certificate.read(files, content, provider, this.protocols);
            tellDoubts(good);
            slots.add(new Slot(files, content, good));
        }
        this.inForce = table();
        watch.add(this);
    }

    private void tellDoubts(Certificate certificate) {
        certificate
                .doubts(clock.instant())
                .forEach(doubt -> LOG.warn("serving a certificate that clients may refuse: {}", doubt.getMessage()));
    }

    private Table table() {
        Map<String, SslContext> byName = new HashMap<>();
        for (Slot slot : slots) {
            slot.good.names().forEach(name -> byName.putIfAbsent(name, slot.good.context()));
        }
        return new Table(slots.get(0).good.context(), Map.copyOf(byName));
    }

    @Override
    public void look() {
        boolean changed = false;
        for (Slot slot : slots) {
            changed |= reload(slot);
        }
        if (changed) {
            inForce = table();
        }
    }

    private boolean reload(Slot slot) {
        try {
            Certificate.Content content = Certificate.Content.of(slot.files);
            if (content.equals(slot.seen)) {
                return false;
            }
            slot.seen = content;
            slot.good = Certificate.read(slot.files, content, provider, protocols);
            slot.told = "";
            tellDoubts(slot.good);
            LOG.info("put a certificate in force file={} not_after={}", slot.files.certificate(), slot.good.notAfter());
            return true;
        } catch (IOException | RuntimeException e) {
            String problem = String.valueOf(e.getMessage());
            if (!problem.equals(slot.told)) {
                slot.told = problem;
                LOG.warn("kept the certificate as it was not_after={} problem=\"{}\"", slot.good.notAfter(), problem);
            }
            return false;
        }
    }

    /**
     * For the name that the client asked for, in lower case; null: it asked for none. Some write the name with the dot at its end, which
     * they should not (RFC 6066, 3).
     */
    @Override
    public SslContext map(@Nullable String name) {
        return inForce.of(name != null && name.endsWith(".") ? name.substring(0, name.length() - 1) : name);
    }

    /** Told of each pair of files: its name in metrics, and when its certificate ends. */
    public interface Visitor {
        void certificate(String file, Supplier<Instant> notAfter);
    }

    public void each(Visitor visitor) {
        slots.forEach(slot -> visitor.certificate(slot.files.certificate().toString(), () -> slot.good.notAfter()));
    }
}
