/** The transactions, extracted from the monolith. */
@NullMarked
package dev.banyan.services.transactions;

import org.jspecify.annotations.NullMarked;
