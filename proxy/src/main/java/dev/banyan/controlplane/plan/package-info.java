/** What a table would change against the one in force: whom it moves, by the requests of the last hour. Pure. */
@NullMarked
package dev.banyan.controlplane.plan;

import org.jspecify.annotations.NullMarked;
