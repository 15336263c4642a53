/** Tests, on real sockets and real files. */
@NullMarked
package dev.banyan.services.transactions;

import org.jspecify.annotations.NullMarked;
