/** TLS towards clients: certificates from files, one for each name, exchanged while connections go on. */
@NullMarked
package dev.banyan.dataplane.tls;

import org.jspecify.annotations.NullMarked;
