/** Tests of the package of the same name. */
@NullMarked
package dev.earshot.ndp.tflite;

import org.jspecify.annotations.NullMarked;
