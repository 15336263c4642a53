package dev.banyan.legacystub.server;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.common.Slf4jNotifier;
import com.github.tomakehurst.wiremock.core.Options;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import dev.banyan.legacystub.faults.Faults;
import dev.banyan.legacystub.rails.RailsApp;
import java.net.InetAddress;
import java.time.Duration;

/** WireMock, set up to look like puma from outside. */
public final class RailsServer implements AutoCloseable {

    private static final Duration KEEP_ALIVE = Duration.ofSeconds(20);

    // Actions take microseconds, but a blocked socket holds its thread.
    private static final int THREADS = 128;
    private static final int DELAYED_ANSWERS_THREADS = 8;
    private static final int APP = 10;
    private static final int CONTROL = 1;

    private final WireMockServer wireMock;

    private RailsServer(WireMockServer wireMock) {
        this.wireMock = wireMock;
    }

    /**
     * Listens.
     *
     * @param port 0 for any that is free
     */
    public static RailsServer start(InetAddress host, int port, RailsApp app, Faults faults) {
        WireMockServer wireMock = new WireMockServer(likePuma()
                .bindAddress(host.getHostAddress())
                .port(port)
                .extensions(new AppTransformer(app, faults), new FaultsTransformer(faults)));
        wireMock.stubFor(any(anyUrl()).atPriority(APP).willReturn(aResponse().withTransformers(AppTransformer.NAME)));
        wireMock.stubFor(any(urlPathEqualTo(Faults.CONTROL_PATH))
                .atPriority(CONTROL)
                .willReturn(aResponse().withTransformers(FaultsTransformer.NAME)));
        wireMock.start();
        return new RailsServer(wireMock);
    }

    public int port() {
        return wireMock.port();
    }

    @Override
    public void close() {
        wireMock.stop();
    }

    private static WireMockConfiguration likePuma() {
        return WireMockConfiguration.options()
                .httpServerFactory(new PumaLikeServerFactory())
                .jettyIdleTimeout(KEEP_ALIVE.toMillis())
                .useChunkedTransferEncoding(Options.ChunkedEncodingPolicy.ALWAYS)
                .http2PlainDisabled(true)
                .gzipDisabled(true)
                .containerThreads(THREADS)
                .jettyAcceptors(1)
                .jettyAcceptQueueSize(1024)
                // A delayed answer waits in a timer, not in a thread.
                .asynchronousResponseEnabled(true)
                .asynchronousResponseThreads(DELAYED_ANSWERS_THREADS)
                // It would keep every request of a demo that runs for days.
                .disableRequestJournal()
                .stubRequestLoggingDisabled(true)
                .extensionScanningEnabled(false)
                .notifier(new Slf4jNotifier(false));
    }
}
