/** From a decided request to an upstream's answer: header rules, attempts, what may be sent again. */
@NullMarked
package dev.banyan.dataplane.forward;

import org.jspecify.annotations.NullMarked;
