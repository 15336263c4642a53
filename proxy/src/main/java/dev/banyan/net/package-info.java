/** IP addresses and networks as values: read strictly, compared by their bytes, without a socket or a name server. */
@NullMarked
package dev.banyan.net;

import org.jspecify.annotations.NullMarked;
