/** What the seed promises to both sides. */
@NullMarked
package dev.banyan.money.seed;

import org.jspecify.annotations.NullMarked;
