/** Releases as the registry tells of them: which there are, and which may still run. */
@NullMarked
package dev.earshot.rollout.release;

import org.jspecify.annotations.NullMarked;
