/** Who may connect, how many, from where, and what they cost. */
@NullMarked
package dev.banyan.traffic.clients;

import org.jspecify.annotations.NullMarked;
