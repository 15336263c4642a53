/** Tests of the stub, on real sockets. */
@NullMarked
package dev.banyan.legacystub;

import org.jspecify.annotations.NullMarked;
