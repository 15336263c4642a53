/** Tests, on real sockets and real files. */
@NullMarked
package dev.banyan.services.accounts;

import org.jspecify.annotations.NullMarked;
