package dev.earshot.ndp.machine;

import static dev.earshot.ndp.machine.Assembler.R12;
import static dev.earshot.ndp.machine.Assembler.R13;
import static dev.earshot.ndp.machine.Assembler.R14;
import static dev.earshot.ndp.machine.Assembler.R15;
import static dev.earshot.ndp.machine.Assembler.RAX;
import static dev.earshot.ndp.machine.Assembler.RBX;
import static dev.earshot.ndp.machine.Assembler.RDI;
import static dev.earshot.ndp.machine.Assembler.RDX;
import static dev.earshot.ndp.machine.Assembler.RSI;
import static dev.earshot.ndp.machine.Assembler.at;
import static dev.earshot.ndp.machine.Assembler.zmm;
import static dev.earshot.ndp.machine.Constants.LANES;
import static dev.earshot.ndp.machine.Constants.VECTOR;

import dev.earshot.ndp.graph.SlidingWindow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * DEPTHWISE_CONV_2D: sixteen channels at once. Up to four rows of a window's column are put into
 * the four bytes of a lane, so that one {@code vpdpbusd} multiplies them all; a column is put
 * together once for all windows of the tile that it is in. Values are held plus 128 and {@code
 * bias} is without what that adds, as in {@link ProductsCode}.
 *
 * <p>Weights: for sixteen channels [four rows][column][channel][row], zero beyond the last row.
 *
 * <p>Where a pixel has fewer channels than sixteen, some neighbours are taken as one, if they
 * divide a row.
 */
record DepthwiseCode(
    Assembler assembler,
    Constants constants,
    Raster inputs,
    Raster outputs,
    Window window,
    Weights weights,
    int[] bias,
    Rescaling rescaling) {
  /** Registers for sums, from 0 on; those for weights follow. */
  private static final int SUMS = 12;

  private static final int WEIGHTS = Rescaling.FIRST - SUMS;

  /** Vectors of weights for sixteen channels: each is code of its own. */
  private static final int MOST_WEIGHTS = 64;

  /** The weight of a channel. */
  @FunctionalInterface
  interface Weights {
    byte at(int row, int column, int channel);
  }

  /**
   * What is summed.
   *
   * @param rows of the window
   * @param columns of the window
   * @param rowStep bytes from one row to the next
   * @param columnStep bytes from one column to the next
   */
  record Window(int rows, int columns, int rowStep, int columnStep) {
    int fours() {
      return DepthwiseCode.fours(rows);
    }
  }

  private static int fours(int rows) {
    return Math.ceilDiv(rows, 4);
  }

  static boolean isFor(SlidingWindow window) {
    return fours(window.height()) * window.width() <= MOST_WEIGHTS;
  }

  void write() {
    rescaling.begin(assembler, constants);
    int tail = Rescaling.tail(assembler, bias.length);
    int start = constants.here();
    for (int channel = 0; channel < bias.length; channel += LANES) {
      putVector(channel);
    }
    assembler.lea(R12, at(RSI, start));
    assembler.mov(R15, RDI);
    Tiling.vectors(assembler, RBX, bias.length, tail, this::vector);
  }

  private int weightsAt() {
    return VECTOR * (1 + rescaling.vectors());
  }

  private int weightVectors() {
    return window.fours() * window.columns();
  }

  private void putVector(int firstChannel) {
    constants.put(lane -> firstChannel + lane < bias.length ? bias[firstChannel + lane] : 0);
    rescaling.put(constants, firstChannel);
    for (int four = 0; four < window.fours(); four++) {
      for (int column = 0; column < window.columns(); column++) {
        for (int channel = firstChannel; channel < firstChannel + LANES; channel++) {
          for (int row = 4 * four; row < 4 * four + 4; row++) {
            constants.put(weight(row, column, channel));
          }
        }
      }
    }
  }

  private byte weight(int row, int column, int channel) {
    return row < window.rows() && channel < bias.length ? weights.at(row, column, channel) : 0;
  }

  /** Sixteen channels of all pixels. */
  private void vector(int mask) {
    if (weightVectors() <= WEIGHTS) {
      for (int i = 0; i < weightVectors(); i++) {
        assembler.vmovdqu32(SUMS + i, at(R12, weightsAt() + i * VECTOR));
      }
    }
    rescaling.load(assembler, R12, VECTOR);
    assembler.lea(R13, at(R15, inputs.start()));
    assembler.lea(R14, at(R15, outputs.start()));
    Tiling.write(assembler, inputs, outputs, SUMS, (in, out) -> tile(in, out, mask));
    assembler.add(R12, weightsAt() + weightVectors() * VECTOR);
    assembler.add(R15, LANES);
  }

  private void tile(int[] in, int[] out, int mask) {
    for (int p = 0; p < in.length; p++) {
      assembler.vmovdqu32(p, at(R12, 0));
    }
    columns(in)
        .forEach(
            (offset, uses) -> {
              for (int four = 0; four < window.fours(); four++) {
                column(offset, four);
                for (Use use : uses) {
                  product(use.sum(), four * window.columns() + use.column());
                }
              }
            });
    for (int p = 0; p < in.length; p++) {
      rescaling.write(assembler, p, at(RDX, out[p]), mask);
    }
  }

  /** A column of a window. */
  private record Use(int sum, int column) {}

  private Map<Integer, List<Use>> columns(int[] in) {
    Map<Integer, List<Use>> columns = new TreeMap<>();
    for (int p = 0; p < in.length; p++) {
      for (int column = 0; column < window.columns(); column++) {
        columns
            .computeIfAbsent(in[p] + column * window.columnStep(), offset -> new ArrayList<>())
            .add(new Use(p, column));
      }
    }
    return columns;
  }

  /** Four rows, or as many as there are, into register 28. */
  private void column(int offset, int four) {
    int first = 4 * four;
    int rows = Math.min(4, window.rows() - first);
    assembler.vpmovzxbd(28, at(RAX, offset + first * window.rowStep()));
    for (int row = 1; row < rows; row++) {
      assembler.vpmovzxbd(29, at(RAX, offset + (first + row) * window.rowStep()));
      assembler.vpslld(29, 29, 8 * row);
      assembler.vpord(28, 28, zmm(29));
    }
  }

  private void product(int sum, int weight) {
    assembler.vpdpbusd(
        sum,
        28,
        weightVectors() <= WEIGHTS ? zmm(SUMS + weight) : at(R12, weightsAt() + weight * VECTOR));
  }
}
