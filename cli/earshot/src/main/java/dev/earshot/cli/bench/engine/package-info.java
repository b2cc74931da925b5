/**
 * {@code earshot bench engine}: the engine beside the real TensorFlow Lite, on one core in one run.
 * Each model is measured in a process of its own ({@link dev.earshot.cli.bench.engine.EngineMain}),
 * so that no model's code is compiled for another's, as on a device.
 */
@NullMarked
package dev.earshot.cli.bench.engine;

import org.jspecify.annotations.NullMarked;
