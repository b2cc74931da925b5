/** Tests of the package of the same name. */
@NullMarked
package dev.earshot.ndp.audio;

import org.jspecify.annotations.NullMarked;
