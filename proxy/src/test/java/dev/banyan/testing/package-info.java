/** What tests are made of: edges, clients and upstreams that keep to the byte, or break the rules on purpose. */
@NullMarked
package dev.banyan.testing;

import org.jspecify.annotations.NullMarked;
