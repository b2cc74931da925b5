/** Tests of the package of the same name. */
@NullMarked
package dev.earshot.rollout.stage;

import org.jspecify.annotations.NullMarked;
