/** Tests of the engine against the answers of a real TensorFlow Lite. */
@NullMarked
package dev.earshot.ndp;

import org.jspecify.annotations.NullMarked;
