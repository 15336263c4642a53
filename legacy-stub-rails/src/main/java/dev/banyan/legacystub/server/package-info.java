/** WireMock as the server that answers; the only package that knows it. */
@NullMarked
package dev.banyan.legacystub.server;

import org.jspecify.annotations.NullMarked;
