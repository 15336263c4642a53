/** The embedded store: one append-only log in the data directory, for one process. */
@NullMarked
package dev.banyan.stores.file;

import org.jspecify.annotations.NullMarked;
