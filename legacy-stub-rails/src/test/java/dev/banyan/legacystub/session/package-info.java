/** Tests of the session cookie. */
@NullMarked
package dev.banyan.legacystub.session;

import org.jspecify.annotations.NullMarked;
