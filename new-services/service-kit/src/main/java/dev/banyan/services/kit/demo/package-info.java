/** What only the demo has: bugs that can be switched on, and a stand-in for events. Nothing of it is there unless a flag says so. */
@NullMarked
package dev.banyan.services.kit.demo;

import org.jspecify.annotations.NullMarked;
