package dev.banyan.legacystub.server;

import com.github.tomakehurst.wiremock.common.JettySettings;
import com.github.tomakehurst.wiremock.core.Options;
import com.github.tomakehurst.wiremock.http.AdminRequestHandler;
import com.github.tomakehurst.wiremock.http.HttpServer;
import com.github.tomakehurst.wiremock.http.HttpServerFactory;
import com.github.tomakehurst.wiremock.http.StubRequestHandler;
import com.github.tomakehurst.wiremock.jetty11.Jetty11Utils;
import com.github.tomakehurst.wiremock.jetty12.Jetty12HttpServer;
import dev.banyan.legacystub.rails.UrlEncoded;
import java.util.Arrays;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHandler;
import org.eclipse.jetty.ee10.servlet.ServletMapping;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.NetworkTrafficListener;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/** WireMock's Jetty with what would show that it is no puma taken out. */
final class PumaLikeServerFactory implements HttpServerFactory {

    private static final String ADMIN = "/__admin";
    private static final String FILES = "/__files/*";

    @Override
    public String getName() {
        return "puma-like";
    }

    @Override
    public HttpServer buildHttpServer(Options options, AdminRequestHandler admin, StubRequestHandler stubs) {
        return new PumaLikeServer(options, admin, stubs);
    }

    private static final class PumaLikeServer extends Jetty12HttpServer {

        PumaLikeServer(Options options, AdminRequestHandler admin, StubRequestHandler stubs) {
            super(options, admin, stubs);
        }

        @Override
        protected ServerConnector createHttpConnector(
                String bindAddress, int port, JettySettings settings, NetworkTrafficListener listener) {
            return Jetty11Utils.createServerConnector(
                    jettyServer,
                    bindAddress,
                    settings,
                    port,
                    listener,
                    new PumaLikeConnectionFactory(Jetty11Utils.createHttpConfig(settings)));
        }

        /** What Jetty refuses by itself gets a bare answer, not a page that names Jetty's errors. */
        @Override
        protected void applyAdditionalServerConfiguration(Server server, Options options) {
            super.applyAdditionalServerConfiguration(server, options);
            server.setErrorHandler((request, response, callback) -> {
                response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 0);
                callback.succeeded();
                return true;
            });
        }

        /** WireMock decodes every query before a stub mapping sees it, and answers 500 to one it cannot decode. */
        @Override
        public Handler[] extensionHandlers() {
            return new Handler[] {
                new Handler.Abstract.NonBlocking() {
                    @Override
                    public boolean handle(Request request, Response response, Callback callback) {
                        String query = request.getHttpURI().getQuery();
                        if (query == null || UrlEncoded.isSound(query)) {
                            return false;
                        }
                        response.setStatus(400);
                        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 0);
                        callback.succeeded();
                        return true;
                    }
                }
            };
        }

        /** Without the admin API: every path belongs to the app. */
        @Override
        protected Handler createHandler(Options options, AdminRequestHandler admin, StubRequestHandler stubs) {
            Handler.Sequence all = (Handler.Sequence) super.createHandler(options, admin, stubs);
            List<Handler> ours = all.getHandlers().stream()
                    .filter(handler -> !isAdmin(handler))
                    .toList();
            return new Handler.Sequence(ours);
        }

        /** Nor does WireMock serve files past the stub mappings. */
        @Override
        protected void decorateMockServiceContextAfterConfig(ServletContextHandler context) {
            ServletHandler servlets = context.getServletHandler();
            servlets.setServletMappings(Arrays.stream(servlets.getServletMappings())
                    .filter(mapping -> !Arrays.asList(mapping.getPathSpecs()).contains(FILES))
                    .toArray(ServletMapping[]::new));
        }

        private static boolean isAdmin(Handler handler) {
            return handler instanceof ServletContextHandler context && ADMIN.equals(context.getContextPath());
        }
    }
}
