/**
 * The plain path: int8 kernels that equal TensorFlow Lite's reference kernels bit for bit, in the
 * rounding of two generations of that library. Each states its layout, scales and zero points, its
 * formula, its rounding and saturation, and does nothing else. A {@code Program} is prepared once
 * per model and shared; a {@code Runner} is one thread's workspace; no allocation per inference.
 */
@NullMarked
package dev.earshot.ndp.kernel;

import org.jspecify.annotations.NullMarked;
