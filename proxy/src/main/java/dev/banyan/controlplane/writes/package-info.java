/** Moving the owner of a route's data: hold its writes, wait, swap, open again; and how much modern has taken since it is the owner. */
@NullMarked
package dev.banyan.controlplane.writes;

import org.jspecify.annotations.NullMarked;
