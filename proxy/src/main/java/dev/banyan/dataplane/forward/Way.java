package dev.banyan.dataplane.forward;

import dev.banyan.dataplane.message.FieldLine;
import dev.banyan.dataplane.upstream.UpstreamHandle;
import dev.banyan.routing.decide.Decision;
import java.util.List;

/**
 * Where a request is sent, and as what.
 *
 * @param debugFields of the answer; none unless they are on
 */
public record Way(Decision decision, UpstreamHandle upstream, List<FieldLine> debugFields) {}
