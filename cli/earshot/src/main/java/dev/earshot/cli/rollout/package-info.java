/** {@code earshot rollout}: start staged rollouts, watch them, stop them. */
@NullMarked
package dev.earshot.cli.rollout;

import org.jspecify.annotations.NullMarked;
