/** What happens, as server-sent events that a client resumes where it left off. */
@NullMarked
package dev.banyan.controlplane.admin.events;

import org.jspecify.annotations.NullMarked;
