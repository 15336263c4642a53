/**
 * Every key of a route and of an upstream, said once: {@link dev.banyan.routing.keys.RouteKeys}, {@link
 * dev.banyan.routing.keys.UpstreamKeys}. From these tables come reading and writing, what two of a kind differ in, what the API shows,
 * the JSON Schema and {@code docs/routing-table.md}.
 */
@NullMarked
package dev.banyan.routing.keys;

import org.jspecify.annotations.NullMarked;
