/** Tests of the package of the same name. */
@NullMarked
package dev.earshot.rollout.preview;

import org.jspecify.annotations.NullMarked;
