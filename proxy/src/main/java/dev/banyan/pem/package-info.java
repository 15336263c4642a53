/** Certificates and keys in PEM files: read strictly, and whatever is wrong with them said in words. Sees the JDK only. */
@NullMarked
package dev.banyan.pem;

import org.jspecify.annotations.NullMarked;
