/**
 * The fastest way: a model's operators as machine code for x86-64 with AVX-512 VNNI, written when
 * the model is loaded and called once per inference through {@code java.lang.foreign}.
 *
 * <p>Why: {@code vpdpbusd} makes 64 products of bytes at once and adds them up in int32, which is
 * the very arithmetic of an int8 model; the Vector API reaches 16, in floats. And int32 sums need
 * no proof: rounding follows the plain path's formulas in integers ({@code Rescaling}), so the bits
 * are the same.
 *
 * <p>How: {@code Compiler} goes through the operators; {@code ProductsCode}, {@code DepthwiseCode},
 * {@code AverageCode} and {@code AddCode} write loops over tiles of outputs ({@code Tiling}) with
 * {@code Assembler}; {@code Layout} says where activations lie, as bytes plus 128 with a border
 * that is the zero point. An operator that there is no code for runs by its plain kernel.
 *
 * <p>Conventions of the code: {@code RDI} is the workspace's start, {@code RSI} the constants';
 * each operator is a function that leaves these two alone. Nothing is read but planes (and up to 64
 * bytes behind them, which exist) and constants; nothing is written but the pixels of planes. What
 * is emitted depends on shapes and constants only, all of which the reader has bounded.
 */
@NullMarked
package dev.earshot.ndp.machine;

import org.jspecify.annotations.NullMarked;
