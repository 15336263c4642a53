/** What anybody tried to change, line by line, in a file that only grows. */
@NullMarked
package dev.banyan.controlplane.admin.audit;

import org.jspecify.annotations.NullMarked;
