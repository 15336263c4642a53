/** The money app itself: its tables, its actions, its JSON. */
@NullMarked
package dev.banyan.legacystub.money;

import org.jspecify.annotations.NullMarked;
