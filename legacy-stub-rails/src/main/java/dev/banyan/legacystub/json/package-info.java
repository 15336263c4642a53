/** JSON as Rails writes it. */
@NullMarked
package dev.banyan.legacystub.json;

import org.jspecify.annotations.NullMarked;
