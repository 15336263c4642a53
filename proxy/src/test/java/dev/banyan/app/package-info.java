/** The whole proxy, from files and the admin API to the client's bytes. */
@NullMarked
package dev.banyan.app;

import org.jspecify.annotations.NullMarked;
