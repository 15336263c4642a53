package dev.banyan.dataplane.wire;

import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;

/** The end of what we say on a connection that is still listened to. */
public final class OutputEnd {
    private OutputEnd() {}

    /** All that was written has left. */
    public static void say(SocketChannel socket) {
        SslHandler tls = socket.pipeline().get(SslHandler.class);
        if (tls == null) {
            socket.shutdownOutput();
        } else {
            // Without close_notify an answer that ends with its connection would look cut off (RFC 8446, 6.1).
            tls.closeOutbound().addListener(told -> socket.shutdownOutput());
        }
    }
}
