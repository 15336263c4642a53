/** What keeps an upstream from more than it can bear. */
@NullMarked
package dev.banyan.dataplane.guard;

import org.jspecify.annotations.NullMarked;
