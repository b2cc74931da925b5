/** Tests of the package of the same name. */
@NullMarked
package dev.earshot.protocol.problem;

import org.jspecify.annotations.NullMarked;
