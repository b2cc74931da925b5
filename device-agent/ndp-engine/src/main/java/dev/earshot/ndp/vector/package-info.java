/**
 * The fast path of any processor, on {@code jdk.incubator.vector}: the bits of the plain kernels at
 * the speed of float multiply-adds. Activations are held as floats minus their zero point, in
 * planes with zeros around them ({@code Plane}); sums of products of int8 values are exact in a
 * float below 2^24, which is checked for each operator's weights when a model is loaded ({@code
 * ExactSums}), and where rounding in floats could go either way the plain path's arithmetic decides
 * ({@code RowRequantizer}). An operator that does not meet the conditions, or has no step here,
 * runs by its plain kernel.
 */
@NullMarked
package dev.earshot.ndp.vector;

import org.jspecify.annotations.NullMarked;
