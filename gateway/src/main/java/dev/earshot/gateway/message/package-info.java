/** What a device may say: judges payloads, and names the reasons why one is refused. */
@NullMarked
package dev.earshot.gateway.message;

import org.jspecify.annotations.NullMarked;
