/** Tests of the director. */
@NullMarked
package dev.earshot.rollout.director;

import org.jspecify.annotations.NullMarked;
