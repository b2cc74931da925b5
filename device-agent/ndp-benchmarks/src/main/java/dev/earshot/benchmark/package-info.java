/**
 * JMH benchmarks of single layers of the MLPerf Tiny models, by each way to run them: {@code
 * ./earshot bench kernels}, with JMH's own options behind it. Whole models beside TensorFlow Lite
 * are measured by {@code ./earshot bench engine}.
 */
@NullMarked
package dev.earshot.benchmark;

import org.jspecify.annotations.NullMarked;
