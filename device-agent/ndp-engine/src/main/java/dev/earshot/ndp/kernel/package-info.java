/**
 * Int8 kernels that equal TensorFlow Lite's reference kernels bit for bit, in the rounding of two
 * generations of that library. A {@code Program} is prepared once per model and shared; a {@code
 * Runner} is one thread's workspace. Plain loops over arrays, written so that the JIT compiler
 * vectorises them; no allocation per inference.
 */
@NullMarked
package dev.earshot.ndp.kernel;

import org.jspecify.annotations.NullMarked;
