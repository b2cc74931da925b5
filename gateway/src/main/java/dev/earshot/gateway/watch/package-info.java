/** Files and URLs beside a gateway that are followed while it runs. */
@NullMarked
package dev.earshot.gateway.watch;

import org.jspecify.annotations.NullMarked;
