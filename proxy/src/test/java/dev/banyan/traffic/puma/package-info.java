/** A Rails app on puma behind the proxy. */
@NullMarked
package dev.banyan.traffic.puma;

import org.jspecify.annotations.NullMarked;
