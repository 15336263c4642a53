/** The versions of the table: publishing, flags, history, rollback, pin. The store is a port here; {@code stores} implement it. */
@NullMarked
package dev.banyan.controlplane.revisions;

import org.jspecify.annotations.NullMarked;
