/** What changes something: it is read from the request, asked of the revisions, and told. */
@NullMarked
package dev.banyan.controlplane.admin.operations;

import org.jspecify.annotations.NullMarked;
