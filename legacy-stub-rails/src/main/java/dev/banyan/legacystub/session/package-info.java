/** The Rails session cookie: read, sealed, issued again. */
@NullMarked
package dev.banyan.legacystub.session;

import org.jspecify.annotations.NullMarked;
