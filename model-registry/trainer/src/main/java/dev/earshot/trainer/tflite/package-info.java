/** Writes the quantized network as a standard TensorFlow Lite file. */
@NullMarked
package dev.earshot.trainer.tflite;

import org.jspecify.annotations.NullMarked;
