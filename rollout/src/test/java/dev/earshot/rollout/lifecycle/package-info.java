/** Tests of the package of the same name. */
@NullMarked
package dev.earshot.rollout.lifecycle;

import org.jspecify.annotations.NullMarked;
