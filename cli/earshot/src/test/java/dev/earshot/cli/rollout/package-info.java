/** Tests of the package of the same name. */
@NullMarked
package dev.earshot.cli.rollout;

import org.jspecify.annotations.NullMarked;
