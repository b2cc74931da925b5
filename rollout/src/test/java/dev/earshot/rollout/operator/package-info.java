/** Tests of the package of the same name. */
@NullMarked
package dev.earshot.rollout.operator;

import org.jspecify.annotations.NullMarked;
