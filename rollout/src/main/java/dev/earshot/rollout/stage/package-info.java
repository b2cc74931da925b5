/** Who is treated and who is control at each stage, and how fast offers go out. Pure functions. */
@NullMarked
package dev.earshot.rollout.stage;

import org.jspecify.annotations.NullMarked;
