package dev.banyan.controlplane.revisions;

/** What somebody asks for, as a pure function of the present: no clock, no store, no thread. The {@link Publisher} runs it. */
@FunctionalInterface
interface Change {
    Step from(Content present);
}
