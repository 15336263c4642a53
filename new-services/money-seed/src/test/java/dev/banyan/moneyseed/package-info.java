/** What the seed promises to both sides. */
@NullMarked
package dev.banyan.moneyseed;

import org.jspecify.annotations.NullMarked;
