/**
 * A model in memory: tensors with shape and quantization, and typed operators in order of
 * execution. Everything here is immutable and already checked; nothing here computes. Files are
 * turned into graphs by {@code dev.earshot.ndp.tflite}, graphs into programs by {@code
 * dev.earshot.ndp.kernel}.
 */
@NullMarked
package dev.earshot.ndp.graph;

import org.jspecify.annotations.NullMarked;
