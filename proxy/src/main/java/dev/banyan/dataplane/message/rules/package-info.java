/** What a message must hold before it goes on, whichever protocol it came by. */
@NullMarked
package dev.banyan.dataplane.message.rules;

import org.jspecify.annotations.NullMarked;
