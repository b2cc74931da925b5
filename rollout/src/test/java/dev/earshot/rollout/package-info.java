/** The service as a whole, on a real broker. */
@NullMarked
package dev.earshot.rollout;

import org.jspecify.annotations.NullMarked;
