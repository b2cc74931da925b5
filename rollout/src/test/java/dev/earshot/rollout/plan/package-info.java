/** Tests of the package of the same name. */
@NullMarked
package dev.earshot.rollout.plan;

import org.jspecify.annotations.NullMarked;
