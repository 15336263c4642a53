/** Tests, on real sockets and real files. */
@NullMarked
package dev.banyan.services.kit;

import org.jspecify.annotations.NullMarked;
