/** The accounts, extracted from the monolith. */
@NullMarked
package dev.banyan.services.accounts;

import org.jspecify.annotations.NullMarked;
