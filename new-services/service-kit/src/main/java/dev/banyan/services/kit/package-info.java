/** What the example services share: the server, its health and metrics, a journal on disk, the JSON. */
@NullMarked
package dev.banyan.services.kit;

import org.jspecify.annotations.NullMarked;
