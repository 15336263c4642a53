/** TLS as clients see it. */
@NullMarked
package dev.banyan.traffic.encryption;

import org.jspecify.annotations.NullMarked;
