/**
 * Post-training quantization: from floating point to int8 or int4 weights, int32 biases and int8
 * activations.
 */
@NullMarked
package dev.earshot.trainer.quantize;

import org.jspecify.annotations.NullMarked;
