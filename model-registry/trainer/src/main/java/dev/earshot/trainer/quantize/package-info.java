/**
 * Post-training quantization: from floating point to int8 weights, int32 biases and int8 scales.
 */
@NullMarked
package dev.earshot.trainer.quantize;

import org.jspecify.annotations.NullMarked;
