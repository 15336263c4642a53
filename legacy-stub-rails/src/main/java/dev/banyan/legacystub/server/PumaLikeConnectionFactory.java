package dev.banyan.legacystub.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpGenerator;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * Answers HEAD without Transfer-Encoding, as puma does.
 *
 * <p>Jetty says how the body of the GET would have been framed, and offers no way to leave it out. A proxy must take
 * both, and it is the silent form that can make one wait for a body.
 */
final class PumaLikeConnectionFactory extends HttpConnectionFactory {

    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";

    PumaLikeConnectionFactory(HttpConfiguration configuration) {
        super(configuration);
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        HttpConnection connection = new HttpConnection(getHttpConfiguration(), connector, endPoint) {
            @Override
            protected HttpGenerator newHttpGenerator() {
                return new SilentHead();
            }
        };
        connection.setUseInputDirectByteBuffers(isUseInputDirectByteBuffers());
        connection.setUseOutputDirectByteBuffers(isUseOutputDirectByteBuffers());
        return configure(connection, connector, endPoint);
    }

    private static final class SilentHead extends HttpGenerator {

        @Override
        public Result generateResponse(
                MetaData.Response response,
                boolean head,
                ByteBuffer header,
                ByteBuffer chunk,
                ByteBuffer content,
                boolean last)
                throws IOException {
            Result result = super.generateResponse(response, head, header, chunk, content, last);
            if (head && result == Result.FLUSH && header != null) {
                removeFraming(header);
            }
            return result;
        }

        private static void removeFraming(ByteBuffer header) {
            String text = StandardCharsets.ISO_8859_1.decode(header.duplicate()).toString();
            int at = text.indexOf(CHUNKED);
            if (at >= 0) {
                byte[] without = text.replace(CHUNKED, "").getBytes(StandardCharsets.ISO_8859_1);
                header.put(header.position(), without);
                header.limit(header.position() + without.length);
            }
        }
    }
}
