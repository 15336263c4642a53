/** Tests of what asks upstreams beside the traffic, on real sockets. */
@NullMarked
package dev.banyan.sidetraffic;

import org.jspecify.annotations.NullMarked;
