package dev.banyan.dataplane.listener;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** At the end of a listening socket's pipeline: what could not be accepted is told. Netty then rests for a second before the next. */
@Sharable
final class AcceptFailures extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(AcceptFailures.class);

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        String why = String.valueOf(cause.getMessage());
        LOG.warn(
                "could not accept a connection, tries again in a second: cause={}{}",
                why,
                why.contains("Too many open files")
                        ? "; fix: let the process open more files (ulimit -n, LimitNOFILE= of systemd), or lower"
                                + " limits.connections"
                        : "");
    }
}
