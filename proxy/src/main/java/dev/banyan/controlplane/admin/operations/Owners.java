package dev.banyan.controlplane.admin.operations;

import dev.banyan.contract.WriteGates;
import dev.banyan.controlplane.revisions.TakenByModern;
import dev.banyan.controlplane.writes.OwnerMoves;

/** The owners of the routes' data: how one is moved, and what is known of their writes. */
public record Owners(OwnerMoves moves, WriteGates gates, TakenByModern taken) {}
