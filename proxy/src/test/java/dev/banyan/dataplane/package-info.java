/** Tests of the data plane, on real sockets. */
@NullMarked
package dev.banyan.dataplane;

import org.jspecify.annotations.NullMarked;
