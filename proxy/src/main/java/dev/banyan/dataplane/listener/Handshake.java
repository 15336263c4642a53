package dev.banyan.dataplane.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Behind the TLS handlers until they have shaken hands: then it makes room for who speaks, or closes and counts. */
final class Handshake extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Handshake.class);

    private static final String VERSION_WITH_RENEGOTIATION = "TLSv1.2";

    private final Agreed agreed;
    private final Consumer<ConnectionRefusal> refused;
    private boolean over;

    /** Told once, when the connection is encrypted; adds who reads on. */
    interface Agreed {
        /**
         * Goes on.
         *
         * @param protocol by ALPN; null: the client offered none that we speak
         */
        void on(@Nullable String protocol);
    }

    Handshake(Agreed agreed, Consumer<ConnectionRefusal> refused) {
        this.agreed = agreed;
        this.refused = refused;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
            over = true;
            SslHandler tls = context.pipeline().get(SslHandler.class);
            neverAgain(tls.engine());
            agreed.on(tls.applicationProtocol());
            context.pipeline().remove(this);
        } else if (event instanceof SslHandshakeCompletionEvent handshake) {
            refuse(context.channel(), handshake.cause());
        } else if (event instanceof SniCompletionEvent hello && !hello.isSuccess()) {
            refuse(context.channel(), hello.cause());
        }
    }

    /**
     * A client may ask for a new handshake on its connection as often as it likes (RFC 5246, 7.4.1.2), and each costs it nothing and us a
     * signature (CVE-2011-1473). BoringSSL refuses, TLS 1.3 has none; the JDK's finds no cipher for it.
     */
    private static void neverAgain(SSLEngine engine) {
        if (!(engine instanceof ReferenceCountedOpenSslEngine)
                && engine.getSession().getProtocol().equals(VERSION_WITH_RENEGOTIATION)) {
            engine.setEnabledCipherSuites(new String[0]);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        refuse(context.channel(), cause.getCause() == null ? cause : cause.getCause());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        // A client that leaves within its handshake: a probe of the port, most often.
        over = true;
    }

    private void refuse(Channel channel, Throwable cause) {
        if (over) {
            return;
        }
        over = true;
        ConnectionRefusal refusal = reason(cause);
        LOG.debug(
                "closed a connection peer={} reason={} detail=\"{}\"",
                channel.remoteAddress(),
                refusal,
                cause.toString());
        refused.accept(refusal);
        channel.close();
    }

    private static ConnectionRefusal reason(Throwable cause) {
        if (cause instanceof SslHandshakeTimeoutException) {
            return ConnectionRefusal.TLS_TIMEOUT;
        }
        return cause instanceof NotSslRecordException || cause instanceof TooLongFrameException
                ? ConnectionRefusal.NOT_TLS
                : ConnectionRefusal.TLS_HANDSHAKE;
    }
}
