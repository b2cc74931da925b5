/** {@code earshot device}: run one real agent, list the fleet's devices. */
@NullMarked
package dev.earshot.cli.device;

import org.jspecify.annotations.NullMarked;
