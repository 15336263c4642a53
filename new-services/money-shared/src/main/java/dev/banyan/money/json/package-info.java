/** JSON to the byte as the monolith has always written it. */
@NullMarked
package dev.banyan.money.json;

import org.jspecify.annotations.NullMarked;
