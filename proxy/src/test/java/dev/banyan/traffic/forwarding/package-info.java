/** What passes through, unchanged and in step with who reads it. */
@NullMarked
package dev.banyan.traffic.forwarding;

import org.jspecify.annotations.NullMarked;
