package dev.banyan.dataplane.upstream;

import dev.banyan.contract.HealthProbe;
import dev.banyan.contract.UpstreamWatcher;
import io.netty.channel.EventLoop;

/**
 * What every upstream needs to live, whatever its settings.
 *
 * @param loop where names are asked for and answers of probes are counted
 */
public record Upkeep(Connector connector, HealthProbe probe, UpstreamWatcher watcher, EventLoop loop) {}
