/**
 * The real TensorFlow Lite, for tests and benchmarks that compare the engine with it. Its C
 * interface is called in the shared library that {@code org.bytedeco:tensorflow-lite} carries; none
 * of that project's Java is used. Nothing that runs on a device depends on this.
 */
@NullMarked
package dev.earshot.tflite;

import org.jspecify.annotations.NullMarked;
