package dev.banyan.controlplane.admin;

import dev.banyan.contract.LiveEvents;
import dev.banyan.contract.LiveUpstreams;
import dev.banyan.contract.RecentRequests;
import dev.banyan.contract.TrafficCounts;
import dev.banyan.controlplane.admin.audit.AuditStore;
import dev.banyan.controlplane.admin.operations.Owners;
import dev.banyan.controlplane.admin.tokens.TokenStore;
import dev.banyan.controlplane.admin.views.EffectiveSetting;
import dev.banyan.controlplane.parity.Parity;
import dev.banyan.controlplane.revisions.Revisions;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.decide.ForcedSide;
import dev.banyan.routing.decide.Router;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the admin endpoint shows and works on.
 *
 * @param routers makes what {@code explain} asks; called once a revision
 * @param unready why no traffic should come yet, or any more; empty: ready. Never blocks
 * @param stalled which threads do not move, so that only a restart helps; empty: all do. Never blocks
 * @param settings of the process, as they are in force; never a secret
 */
public record AdminParts(
        Revisions revisions,
        Function<RoutingTable, Router> routers,
        TrafficCounts traffic,
        RecentRequests recent,
        Owners owners,
        LiveUpstreams upstreams,
        Supplier<Optional<String>> unready,
        Supplier<Optional<String>> stalled,
        ForcedSide forcedSides,
        PrometheusMeterRegistry meters,
        List<EffectiveSetting> settings,
        LiveEvents events,
        Clock clock,
        SecureRandom random,
        TokenStore tokens,
        AuditStore audit,
        Parity parity) {}
