/** Tests of the package of the same name. */
@NullMarked
package dev.earshot.rollout.cohort;

import org.jspecify.annotations.NullMarked;
