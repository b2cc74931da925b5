/** Tests of the package of the same name. */
@NullMarked
package dev.earshot.rollout.http;

import org.jspecify.annotations.NullMarked;
