package dev.earshot.ndp.machine;

import static dev.earshot.ndp.machine.Assembler.ALL;
import static dev.earshot.ndp.machine.Assembler.R11;
import static dev.earshot.ndp.machine.Assembler.R13;
import static dev.earshot.ndp.machine.Assembler.R14;
import static dev.earshot.ndp.machine.Assembler.RAX;
import static dev.earshot.ndp.machine.Assembler.RBP;
import static dev.earshot.ndp.machine.Assembler.RDX;
import static dev.earshot.ndp.machine.Constants.LANES;

import java.util.function.IntConsumer;

/**
 * Walks over all outputs of an operator in tiles: the outputs that are computed together, in
 * registers. Code of a tile is written once for each size that occurs, not for each tile.
 */
final class Tiling {
  /** The code of one tile. */
  @FunctionalInterface
  interface Body {
    /**
     * @param inputs where the windows of the tile's outputs start, in bytes from {@code RAX}
     * @param outputs where its outputs are, in bytes from {@code RDX}
     */
    void write(int[] inputs, int[] outputs);
  }

  private final Assembler assembler;
  private final Raster inputs;
  private final Raster outputs;
  private final Body body;

  private Tiling(Assembler assembler, Raster inputs, Raster outputs, Body body) {
    this.assembler = assembler;
    this.inputs = inputs;
    this.outputs = outputs;
    this.body = body;
  }

  /**
   * Writes the loops, from {@code R13} on in the input and {@code R14} on in the output.
   *
   * @param most outputs of a tile
   */
  static void write(Assembler assembler, Raster inputs, Raster outputs, int most, Body body) {
    boolean even = inputs.isEven() && outputs.isEven();
    new Tiling(assembler, even ? inputs.asRow() : inputs, even ? outputs.asRow() : outputs, body)
        .write(most);
  }

  private void write(int most) {
    int columns = inputs.columns();
    if (columns <= most) {
      int high = Math.min(inputs.rows(), most / columns);
      rows(
          inputs.rows() / high,
          high,
          () -> body.write(offsets(inputs, high, columns), offsets(outputs, high, columns)));
      int rest = inputs.rows() % high;
      if (rest > 0) {
        rows(
            1,
            rest,
            () -> body.write(offsets(inputs, rest, columns), offsets(outputs, rest, columns)));
      }
    } else {
      int tiles = Math.ceilDiv(columns, most);
      int wide = Math.ceilDiv(columns, tiles);
      int narrow = tiles * wide - columns;
      rows(
          inputs.rows(),
          1,
          () -> {
            columns(tiles - narrow, wide);
            columns(narrow, wide - 1);
          });
    }
  }

  private void rows(int times, int high, Runnable row) {
    loop(
        assembler,
        R11,
        times,
        () -> {
          assembler.mov(RAX, R13);
          assembler.mov(RDX, R14);
          row.run();
          assembler.add(R13, high * inputs.rowStep());
          assembler.add(R14, high * outputs.rowStep());
        });
  }

  private void columns(int times, int wide) {
    loop(
        assembler,
        RBP,
        times,
        () -> {
          body.write(offsets(inputs, 1, wide), offsets(outputs, 1, wide));
          assembler.add(RAX, wide * inputs.columnStep());
          assembler.add(RDX, wide * outputs.columnStep());
        });
  }

  private static int[] offsets(Raster raster, int rows, int columns) {
    int[] offsets = new int[rows * columns];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = raster.offset(i / columns, i % columns);
    }
    return offsets;
  }

  /**
   * Code that is run for each vector of so many elements.
   *
   * @param tail mask of the last one if it is not full, as {@link Rescaling#tail} gives it
   * @param body writes the code of one, for a mask
   */
  static void vectors(Assembler assembler, int counter, int elements, int tail, IntConsumer body) {
    loop(assembler, counter, elements / LANES, () -> body.accept(ALL));
    if (tail != ALL) {
      body.accept(tail);
    }
  }

  /** Code that is run so many times, counted down in a register. */
  static void loop(Assembler assembler, int counter, int times, Runnable body) {
    if (times == 1) {
      body.run();
    } else if (times > 1) {
      assembler.mov32(counter, times);
      int start = assembler.here();
      body.run();
      assembler.dec(counter);
      assembler.jnz(start);
    }
  }
}
