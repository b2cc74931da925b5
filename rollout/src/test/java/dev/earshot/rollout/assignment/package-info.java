/** Tests of the package of the same name. */
@NullMarked
package dev.earshot.rollout.assignment;

import org.jspecify.annotations.NullMarked;
